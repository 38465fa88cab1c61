import { expect, test } from 'vitest';
import { finish, gridOf } from '../../fixtures/made-up-runs.ts';
import { expandGrid, runsOf, type NamedRun } from '../../sweep/grid.ts';
import { recipe } from '../../recipes/registry.ts';
import { lengthSection } from '../sections/length-section.ts';
import { lengthTrends } from './length-points.ts';

const grids = expandGrid({ ...recipe('vts-length'), seeds: 2 });

/** Noise harms by 10 points after 900 steps, and gains 2 and 4 (by seed) after 10,000. */
const score = ({ config: { kind, noisyShare, imageNoise, seed, pretrain } }: NamedRun) => {
  const clean = 0.5 + pretrain.steps / 100_000 + 0.05 * seed;
  if (kind !== 'pretrained' || noisyShare === 0 || imageNoise !== 0.5) return clean;
  return clean + (pretrain.steps === 900 ? -0.1 : 0.02 * (1 + seed));
};
const finished = runsOf(grids).map((run) => finish(run, score(run)));

test('panels that differ by their steps alone are one trend of differences by seed', () => {
  const [trend, ...others] = lengthTrends(grids, finished);
  expect(others).toEqual([]);
  expect(trend?.lengths).toEqual([900, 2000, 4000, 10_000]);
  const half = trend?.points.filter(({ series }) => series === 'r_img 0.5, noisy share 1') ?? [];
  expect(half.map(({ steps }) => steps)).toEqual(trend?.lengths);
  expect(half[0]?.mean).toBeCloseTo(-10, 9);
  expect(half[3]?.dots.map((dot) => Math.round(dot))).toEqual([2, 4]);
  expect(half[3]?.mean).toBeCloseTo(3, 9);
  // Student's t for two seeds: 3 +- 12.706 * sqrt(2) / sqrt(2)
  expect(half[3]?.low).toBeCloseTo(3 - 12.706, 2);
  const quarter = trend?.points.filter(({ series }) => series.startsWith('r_img 0.25')) ?? [];
  expect(quarter.map(({ mean }) => Math.round(mean))).toEqual([0, 0, 0, 0]);
});

test('a seed without its clean run, or a panel without runs, is left out', () => {
  const some = finished.filter(
    ({ config: { pretrain, noisyShare, seed } }) =>
      pretrain.steps !== 4000 && !(pretrain.steps === 10_000 && noisyShare === 0 && seed === 1),
  );
  const [trend] = lengthTrends(grids, some);
  const half = trend?.points.filter(({ series }) => series === 'r_img 0.5, noisy share 1') ?? [];
  expect(half.map(({ steps, dots }) => [steps, dots.length])).toEqual([
    [900, 2],
    [2000, 2],
    [10_000, 1],
  ]);
});

test('panels of other data or methods have no trend, and no section', async () => {
  expect(lengthTrends(gridOf('vts-moco', [0.5], [1]), finished)).toEqual([]);
  const methods = expandGrid(recipe('dense-smoke'));
  const runs = runsOf(methods).map((run) => finish(run, 0.5));
  expect(await lengthSection(lengthTrends(methods, runs))).toEqual([]);
});

test('the plot marks every length, and has a dot for every seed', async () => {
  const [section] = await lengthSection(lengthTrends(grids, finished));
  const { html } = section ?? expect.fail();
  for (const label of ['900', '2,000', '4,000', '10,000'])
    expect(html).toContain(`>${label}</text>`);
  expect(html).toContain('mean IoU: points against clean pairs');
  expect(html.match(/aria-roledescription="point"/g)?.length).toBe(2 * 4 * (2 + 1));
});
