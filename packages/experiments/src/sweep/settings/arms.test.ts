import { expect, test } from 'vitest';
import { parseConfig } from '../../config/parse-config.ts';
import { sweepConfig, type Panel } from '../../config/sweep-config.ts';
import { finish } from '../../fixtures/made-up-runs.ts';
import { recipe } from '../../recipes/registry.ts';
import { summariseSweep } from '../../report/summary/summary.ts';
import { verdicts } from '../../report/verdict.ts';
import { expandGrid, runsOf } from '../grid.ts';

const sweep = recipe('xbd-moco');
const [panel = expect.fail()] = sweep.panels;
const { arms = expect.fail() } = panel;
const gridOf = (changed: Partial<Panel>) =>
  expandGrid({ ...sweep, seeds: 3, panels: [{ ...panel, ...changed }] });

/** Scores by arm and seed, in points. */
const scores: Readonly<Record<string, readonly number[]>> = {
  'damaged-clean': [50, 53, 51],
  'damaged-noisy': [47, 51, 48],
  'undamaged-clean': [52, 50, 55],
  'undamaged-noisy': [51, 50, 54],
};

test('every arm is run with the same steps, and says its pairs in its configuration', () => {
  const runs = runsOf(gridOf({})).filter(({ config }) => config.seed === 0);
  const choices = Object.keys(scores);
  expect(runs.map(({ name }) => name)).toEqual(
    ['random', 'supervised', ...choices].map((name) => `${name}-seed0`),
  );
  const pretrained = runs.filter(({ config }) => config.kind === 'pretrained');
  expect(pretrained.map(({ config }) => config.choice)).toEqual(choices);
  expect(new Set(pretrained.map(({ config }) => config.pretrain.steps)).size).toBe(1);
});

test('a comparison is paired by seed, and takes off the difference of its control', () => {
  const grids = gridOf({});
  const finished = runsOf(grids).map((run) => {
    const { choice = '', kind, seed } = run.config;
    return finish(run, kind === 'pretrained' ? (scores[choice]?.[seed] ?? NaN) / 100 : 0.1);
  });
  const summary = summariseSweep(sweep.recipe, grids, finished);
  const { comparisons } = summary.panels[0] ?? expect.fail();
  const means = comparisons.map(({ difference }) => 100 * (difference?.mean ?? NaN));
  // by hand: (-3, -2, -3) - (-1, 0, -1) = -2 for every seed
  for (const [at, mean] of [-2, -8 / 3, -2 / 3].entries()) expect(means[at]).toBeCloseTo(mean, 10);
  expect(comparisons[0]?.difference?.standardDeviation).toBeCloseTo(0, 10);
  expect(comparisons[0]).toMatchObject({
    question: 'Does the damage in a pair hurt?',
    setting: { choice: 'damaged-noisy' },
    against: { choice: 'damaged-clean' },
    less: { setting: { choice: 'undamaged-noisy' }, against: { choice: 'undamaged-clean' } },
  });
  expect(verdicts(summary)).toEqual([
    'Does the damage in a pair hurt? (t tests paired by seed, Holm over 3).',
    expect.stringMatching(/^Damage alone \(the effect .*\): \S.*\.$/),
    expect.stringMatching(/^Before and after against the image before twice, damaged crops: .*\.$/),
    expect.stringMatching(/^The same, undamaged crops \(season and acquisition\): .*\.$/),
    expect.stringMatching(/^Caption of Fig\. 1, "pairs that differ in damaged .*": cannot tell/),
  ]);

  // seeds that lack one of the four runs are no part of it
  const without = finished.filter(({ name }) => name !== 'undamaged-clean-seed1');
  const [partly] = summariseSweep(sweep.recipe, grids, without).panels;
  expect(partly?.comparisons.map(({ difference }) => difference?.count)).toEqual([2, 3, 2]);
});

test('grids have comparisons too: noise against the baseline, remedies against keeping', () => {
  const grids = expandGrid(recipe('filter-smoke'));
  const [summary] = summariseSweep('filter-smoke', grids, []).panels;
  expect(summary?.comparisons.map(({ title }) => title)).toEqual(
    [
      ['r_img 0.5, noisy share 0.5', 'clean pairs'],
      ['r_img 0.5, noisy share 0.5, kept, robust loss', 'r_img 0.5, noisy share 0.5'],
      ['r_img 0.5, noisy share 0.5, filtered: fewer pairs', 'r_img 0.5, noisy share 0.5'],
      ['r_img 0.5, noisy share 0.5, exchanged for clean ones', 'r_img 0.5, noisy share 0.5'],
    ].map(([setting, against]) => `${setting} against ${against}`),
  );
});

test('arms that the data do not make, or that no arm is called, are named', () => {
  const list = [{ choice: 'kept', loss: 'own' }] as const;
  expect(() => gridOf({ arms: { ...arms, list: [...list] } })).toThrow(
    /^arms: expected one of damaged-clean, .*, exchange as pairs of xbd, got kept$/,
  );
  const [vts = expect.fail()] = recipe('vts-moco').panels;
  expect(() => gridOf({ base: vts.base })).toThrow(
    'arms: expected none as pairs of vts, got damaged-clean',
  );
  const [first = expect.fail()] = arms.comparisons;
  const comparisons = [{ ...first, against: 'clean' }];
  expect(() => summariseSweep('', gridOf({ arms: { ...arms, comparisons } }), [])).toThrow(
    /^arms\.comparisons: expected one of the arms damaged-clean, .*, got clean$/,
  );
  expect(() => expandGrid({ ...sweep, panels: [{ ...vts, noisyShares: [] }] })).toThrow(
    'panel moco: expected noisyShares or arms, got neither',
  );
  expect(() =>
    parseConfig(sweepConfig, { ...sweep, panels: [{ ...panel, arms: {} }] }, 'sweep'),
  ).toThrow(/^sweep panels\.0\.arms\.question: /);
});
