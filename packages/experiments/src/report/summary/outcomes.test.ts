import { expect, test } from 'vitest';
import { finish, gridOf, level, summarise } from '../../fixtures/made-up-runs.ts';
import { runsOf, type NamedRun, type PanelGrid } from '../../sweep/grid.ts';
import { comparisonTable } from '../tables/table.ts';
import { verdicts } from '../verdict.ts';
import type { FinishedRun } from './setting-runs.ts';
import { summariseSweep } from './summary.ts';

const seeds = 9;
const nine = gridOf('vts-moco', [0.25, 0.5, 1], [0.5, 1], seeds);
/** Deviations of nine seeds about 0, of standard deviation 1. */
const wobble = (seed: number) => [-1.2, 0.4, 1.5, -0.3, -1.3, 0.9, 0.2, -0.9, 0.7][seed] ?? 0;

/** Made-up runs: clean pairs at 0.5 + 0.01 seed, others by an effect and a deviation. */
function runsWith(
  effect: (run: NamedRun['config']) => readonly [mean: number, deviation: number],
  learned: (run: NamedRun) => boolean = () => true,
  grid: PanelGrid[] = nine,
): FinishedRun[] {
  return runsOf(grid).map((run) => {
    const { kind, noisyShare, seed } = run.config;
    if (kind !== 'pretrained' || noisyShare === 0) return finish(run, level(run), learned(run));
    const [mean, deviation] = effect(run.config);
    return finish(run, 0.5 + 0.01 * seed + mean + deviation * wobble(seed), learned(run));
  });
}

const outcomesOf = (runs: readonly FinishedRun[], margin?: number) =>
  summariseSweep('vts-moco', nine, runs, margin).panels.flatMap(({ comparisons }) =>
    comparisons.map(({ verdict }) => verdict?.outcome),
  );

/** Six settings: a gain, a harm, two that are as good as clean, two that nobody can tell. */
const mixed = runsWith(({ imageNoise, noisyShare }) =>
  imageNoise === 0.25
    ? noisyShare === 1
      ? [0.04, 0.01]
      : [0.001, 0.008]
    : imageNoise === 0.5
      ? [0.01, 0.03]
      : noisyShare === 1
        ? [-0.1, 0.02]
        : [0.012, 0.004],
);

test('every outcome, in order, and in the words of the verdict', () => {
  expect(outcomesOf(mixed)).toEqual([
    'equivalent',
    'gain',
    'cannot tell',
    'cannot tell',
    'equivalent', // clearly above 0, and clearly below two points
    'harm',
  ]);
  expect(verdicts(summarise(nine, mixed))).toEqual([
    expect.stringMatching(
      new RegExp(
        '^Partly noisy pairs \\(r_img below 1\\) against clean pairs \\(t tests paired by seed, ' +
          'Holm over 6\\): gain in 1 of 4 \\(\\+4\\.0 points \\[\\+2\\.\\d, \\+5\\.\\d\\], ' +
          'n = 9, ' +
          'p < 0\\.001\\); equivalent within 2 points in 1 of 4 \\(\\+0\\.1 points \\[-0\\.\\d, ' +
          '\\+0\\.\\d\\], n = 9, p < 0\\.001\\); cannot tell in 2 of 4 \\(.*, such seeds show an ' +
          'effect from 4\\.\\d points on with 80 % power, one of 2 points takes ' +
          '\\d\\d seeds\\)\\.$',
      ),
    ),
    expect.stringMatching(
      new RegExp(
        '^Pairs of wholly different images .*: harm in 1 of 2 \\(.*\\); equivalent within 2 ' +
          'points in 1 of 2 \\(\\+1\\.2 .*; a gain, but smaller than that\\)\\.$',
      ),
    ),
    expect.stringContaining('Caption of Fig. 4, "noisy pairs gain": '),
    expect.stringContaining('Caption of Fig. 4, "the more noisy pairs, the more gain": '),
    expect.stringContaining('Caption of Fig. 4, "wholly different images do not gain": '),
  ]);
});

test('the margin is of the report: a wider one finds more that is equivalent', () => {
  expect(outcomesOf(mixed, 0.06)).toEqual([
    'equivalent',
    'equivalent',
    'equivalent',
    'equivalent',
    'equivalent',
    'harm',
  ]);
  expect(summariseSweep('vts-moco', nine, mixed, 0.06).margin).toBe(0.06);
});

test('summary.json holds raw and corrected p, the interval, every seed, pairs and reach', () => {
  const [panel] = summarise(nine, mixed).panels;
  const gain = panel?.comparisons[1] ?? expect.fail();
  const { verdict, seeds: differences, pairs } = gain;
  if (!verdict?.all.difference || !verdict.all.interval) expect.fail();
  expect(verdict.settings).toBe(6);
  // harm has the smaller p: this is the second step of six
  expect(verdict.all.interval.level).toBeCloseTo(1 - 0.05 / 5, 10);
  expect(verdict.all.difference.adjusted).toBeGreaterThan(verdict.all.difference.raw);
  expect(differences.map(({ seed }) => seed)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(differences[2]?.value).toBeCloseTo(0.04 + 0.015, 10);
  expect(pairs.setting).toBe(nine[0]?.panel.base.data.pairs);
  const clean = panel?.cells.find(({ kind, noisyShare }) => kind === 'pretrained' && !noisyShare);
  expect(clean?.seeds?.[3]).toEqual({ seed: 3, value: 0.53, learned: true });
  expect(JSON.stringify(panel)).not.toContain('null,null');
});

test('a claim holds with and without runs that did not learn, or it is none', () => {
  // Two of nine collapse and cost 30 points: harm by itself would be of the collapse alone.
  const collapsed = ({ config }: NamedRun) =>
    config.imageNoise === 1 && config.noisyShare === 1 && config.seed < 2;
  const runs = runsWith(() => [0.03, 0.005]).map((run) =>
    collapsed(run) ? finish(run, 0.2 + 0.01 * run.config.seed, false) : run,
  );
  const { panels, ...rest } = summarise(nine, runs);
  const last = panels[0]?.comparisons.at(-1) ?? expect.fail();
  expect(last.verdict).toMatchObject({
    outcome: 'cannot tell',
    reason: 'it depends on 2 of 9 seeds that did not learn',
  });
  expect(last.difference?.count).toBe(9);
  expect(last.verdict?.learned?.difference?.count).toBe(7);
  expect(last.verdict?.learned?.finding.direction).toBe('gain');
  expect(verdicts({ panels, ...rest }).at(-1)).toMatch(
    /without them .*r_img 1, noisy share 1 against clean pairs: -\d.*n = 9; without \+\d.*n = 7\./,
  );
  const [panel] = panels;
  const { head, rows } = comparisonTable(panel ?? expect.fail(), 0.02);
  expect(head).toContain('without runs that did not learn');
  expect(rows.at(-1)?.join(' ')).toContain('2 of 9 seeds that did not learn');

  const most = runsWith(
    () => [0.03, 0.005],
    ({ config }) => config.imageNoise < 1 || config.noisyShare < 1 || config.seed > 4,
  );
  expect(outcomesOf(most).at(-1)).toBe('not learned'); // five of nine
});

test('where pretraining has no effect itself, nothing is equivalent', () => {
  const useless = runsWith(() => [0, 0.005]).map((run) =>
    run.config.kind === 'random' ? finish(run, level(run) + 0.2) : run,
  );
  expect(new Set(outcomesOf(useless))).toEqual(new Set(['cannot tell']));
  expect(verdicts(summarise(nine, useless)).join(' ')).toContain(
    'pretraining itself shows no effect',
  );
});

test('runs of which nobody can tell whether they learned are named with the reason', () => {
  const runs = mixed.map((run): FinishedRun => {
    const { pretraining } = run.result;
    if (!pretraining || run.config.noisyShare > 0) return run;
    const unknown = 'random rows of the start are left in the queue';
    return {
      ...run,
      result: { ...run.result, pretraining: { ...pretraining, learned: null, unknown } },
    };
  });
  expect(verdicts(summarise(nine, runs))).toContain(
    'Whether these learned cannot be told (random rows of the start are left in the queue): ' +
      'clean pairs (9 runs).',
  );
  expect(outcomesOf(runs)).toEqual(outcomesOf(mixed));
});
