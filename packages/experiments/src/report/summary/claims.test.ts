import { expect, test } from 'vitest';
import { finish, gridOf, summarise } from '../../fixtures/made-up-runs.ts';
import { runsOf, type NamedRun } from '../../sweep/grid.ts';
import { claimsOf } from './claims.ts';
import { measurePanel } from './panel-summary.ts';

const grid = gridOf('vts-moco', [0.25, 0.5, 1], [0.5, 1], 5);
const base = ({ config: { kind, seed } }: NamedRun) =>
  (kind === 'random' ? 0.3 : kind === 'supervised' ? 0.9 : 0.5) + 0.02 * seed;

/** Partly noisy pairs gain 3 points and 2 more at share 1, r_img 0.5 a point less; r_img 1 -10. */
const effect = ({ config: { imageNoise, noisyShare, seed } }: NamedRun) => {
  if (noisyShare === 0) return 0;
  const scatter = 0.001 * (seed - 2);
  if (imageNoise === 1) return -0.1 + scatter;
  return 0.03 + (noisyShare === 1 ? 0.02 + scatter : 0) - (imageNoise === 0.5 ? 0.01 : 0) + scatter;
};

const runsWith = (effectOf: typeof effect, learned: (run: NamedRun) => boolean = () => true) =>
  runsOf(grid).map((run) => finish(run, base(run) + effectOf(run), learned(run)));

const answers = (runs: ReturnType<typeof runsWith>) =>
  summarise(grid, runs).claims.map(({ answer }) => answer);

test("Fig. 4's sentences, by one difference a seed over the settings that they speak of", () => {
  const { claims } = summarise(grid, runsWith(effect));
  expect(claims.map(({ figure, text, answer }) => [figure, text, answer])).toEqual([
    ['Fig. 4', 'noisy pairs gain', 'holds'],
    ['Fig. 4', 'the more noisy pairs, the more gain', 'holds'],
    ['Fig. 4', 'wholly different images do not gain', 'holds'],
  ]);
  // (3 + 5 + 2 + 4) / 4, twice 2 points, -10
  for (const [i, mean] of [0.035, 0.02, -0.1].entries())
    expect(claims[i]?.difference?.mean).toBeCloseTo(mean, 10);
  expect(claims[0]?.difference?.count).toBe(5);
  // seed by seed: 1.5 scatters of four settings, of which two scatter twice
  expect(claims[0]?.difference?.standardDeviation).toBeCloseTo(0.0015 * Math.sqrt(2.5), 10);
});

test('a sentence that is wrong does not hold; one that nobody can tell is left open', () => {
  expect(answers(runsWith((run) => -effect(run)))).toEqual(Array(3).fill('does not hold'));
  const wavering = ({ config: { seed, noisyShare } }: NamedRun) =>
    noisyShare === 0 ? 0 : 0.05 * ((seed % 3) - 1) * noisyShare;
  expect(answers(runsWith(wavering))).toEqual(Array(3).fill('cannot tell'));
  // within two points: no gain, and none of which there could be more
  const tiny = ({ config: { seed, noisyShare } }: NamedRun) =>
    0.001 * noisyShare * ((seed % 3) - 1);
  expect(answers(runsWith(tiny))).toEqual(['does not hold', 'does not hold', 'holds']);
});

test('runs that learned nothing decide nothing, but where that is the claim', () => {
  const stuck = ({ config }: NamedRun) => config.noisyShare < 1 || config.seed > 3;
  expect(answers(runsWith(effect, stuck))).toEqual(['cannot tell', 'cannot tell', 'holds']);
});

test('dense methods are held against Fig. 5, which expects no more of more noisy pairs', () => {
  const [vts = expect.fail()] = grid;
  const base = { ...vts.panel.base, method: { ...vts.panel.base.method, name: 'vader' } };
  const panel = { ...vts.panel, base } as typeof vts.panel;
  const results = new Map(runsWith(effect).map(({ name, result }) => [name, result]));
  const claims = claimsOf([measurePanel({ ...vts, panel }, results)], 0.02);
  expect(claims.map(({ figure, text, answer }) => [figure, text, answer])).toEqual([
    ['Fig. 5', 'noisy pairs gain', 'holds'],
    ['Fig. 5', 'more noisy pairs usually do not gain more', 'does not hold'],
    ['Fig. 5', 'wholly different images can harm', 'holds'],
  ]);
});
