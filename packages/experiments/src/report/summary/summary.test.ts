import { expect, test } from 'vitest';
import {
  finish,
  finished,
  gridOf,
  grids,
  level,
  panelOf,
  summarise,
} from '../../fixtures/made-up-runs.ts';
import { runsOf, type NamedRun } from '../../sweep/grid.ts';
import { resultsCsv } from '../tables/results-csv.ts';
import type { FinishedRun } from './setting-runs.ts';
import { resultTable } from '../tables/table.ts';
import { verdicts } from '../verdict.ts';

test('cells hold mean and interval over seeds, and differences to clean pairs seed by seed', () => {
  const { panels, missing } = summarise(grids, finished);
  const { cells } = panels[0] ?? expect.fail();
  expect(missing).toEqual([]);
  expect(
    cells.map(({ kind, imageNoise, noisyShare, score }) => [
      kind,
      imageNoise,
      noisyShare,
      score?.count,
    ]),
  ).toEqual([
    ['random', 0, 0, 3],
    ['supervised', 0, 0, 3],
    ['pretrained', 0, 0, 3],
    ['pretrained', 0.5, 1, 3],
    ['pretrained', 1, 1, 3],
  ]);
  const noisy = cells[3] ?? expect.fail();
  expect(noisy.score?.mean).toBeCloseTo((0.55 + 0.561 + 0.572) / 3, 10);
  expect(noisy.difference?.mean).toBeCloseTo(0.051, 10);
  expect(noisy.difference?.standardDeviation).toBeCloseTo(0.001, 10); // unpaired it would be 0.011
  expect(cells.slice(0, 3).map(({ difference }) => difference)).toEqual([null, null, null]);
});

test(
  'remedies are compared with keeping the noisy pairs of the same level and share, seed by seed, ' +
    'and with clean pairs',
  () => {
    const grid = gridOf('vts-filter', [0.5], [0.5, 1]);
    const gain = { none: 0, clean: 0.02, 'same-size-clean': NaN };
    const runs = runsOf(grid).map((run) => {
      const { method, filter } = run.config;
      return finish(
        run,
        level(run) +
          gain[filter] +
          ('robust' in method && method.robust ? -0.029 - 0.001 * run.config.seed : 0) +
          (filter === 'clean' ? 0.05 + 0.001 * run.config.seed : 0),
      );
    });
    const panel = panelOf(grid, runs);
    const cell = (remedy: string, noisyShare: number) =>
      panel.cells.find((one) => one.remedy === remedy && one.noisyShare === noisyShare) ??
      expect.fail();
    // Filtered runs have level 0 and share 0.5 in their configuration: made up as 0.5 + 0.05 +
    // 0.001 seed, and these again, and 0.02.
    expect(cell('filter', 0.5).againstKeeping?.mean).toBeCloseTo(0.07 + 0.001, 10);
    expect(cell('filter', 0.5).difference?.mean).toBeCloseTo(0.12 + 0.002, 10);
    expect(cell('robust', 1).againstKeeping?.mean).toBeCloseTo(-0.03, 10);
    expect(cell('same-size', 1).againstKeeping?.mean).toBeCloseTo(-0.051, 10);
    expect(cell('same-size', 1).difference?.mean).toBeCloseTo(0, 10);
    expect(cell('robust', 0).difference?.mean).toBeCloseTo(-0.03, 10);
    expect(panel.cells.filter(({ remedy }) => remedy === 'filter').length).toBe(1);
    const { head, rows } = resultTable(panel);
    expect(head).toContain('against keeping');
    expect(rows.map(([name]) => name)).toContain(
      'r_img 0.5, noisy share 0.5, filtered: fewer pairs',
    );
    expect(verdicts(summarise(grid, runs)).join(' ')).toMatch(
      new RegExp(
        'Noisy pairs filtered: fewer pairs, against just keeping them \\(.*, Holm ' +
          'over 7\\): gain .* Noisy pairs kept, robust loss, against just keeping ' +
          'them .*: harm in 2 of 2',
      ),
    );
  },
);

test('on CIFAR-10, pairs by labels are compared with those by true labels, by neighbours', () => {
  const grid = gridOf('cifar10-false-pairs', [0, 0.5], [1]);
  const classify = (run: NamedRun, knnAccuracy: number): FinishedRun => {
    const { segmentation, ...result } = finish(run, NaN).result;
    return {
      ...run,
      result: {
        ...result,
        falsePairs: run.config.imageNoise,
        classification: {
          mode: 'frozen',
          accuracy: knnAccuracy + 0.1,
          knnAccuracy,
          classes: [{ name: 'cat', accuracy: 0.5 }],
          testImages: 1,
          learningRate: 1,
          candidates: [],
          steps: 1,
          finalLoss: 1,
          encoderHash: segmentation?.encoderHash ?? '',
          seconds: 0,
        },
      },
    };
  };
  const runs = runsOf(grid).map((run) =>
    classify(
      run,
      run.config.kind === 'random'
        ? 0.2
        : 0.5 -
            (0.298 + 0.002 * run.config.seed) * run.config.imageNoise -
            (run.config.noisyShare === 0 ? 0.1 : 0) +
            0.01 * run.config.seed,
    ),
  );
  const panel = panelOf(grid, runs);
  expect(panel.metric).toBe('knnAccuracy');
  const cell = panel.cells.find(({ imageNoise }) => imageNoise === 0.5) ?? expect.fail();
  // not -0.05, which it is to pairs of one image
  expect(cell.difference?.mean).toBeCloseTo(-0.15, 10);
  expect(cell.linear?.mean).toBeCloseTo((cell.score?.mean ?? NaN) + 0.1, 10);
  expect(
    panel.cells.find(({ imageNoise, noisyShare }) => imageNoise === 0 && noisyShare === 1)
      ?.difference,
  ).toBeNull();
  expect(verdicts(summarise(grid, runs))).toEqual([
    'Pairs by labels of which some are wrong against pairs by true labels (t tests paired by ' +
      'seed, Holm over 1): harm (-15.0 points [-15.2, -14.8], n = 3, p < 0.001).',
    'Caption of Fig. 1, "false pairs by mislabelled images harm classification": holds ' +
      '(-15.0 points [-15.2, -14.8], n = 3, p < 0.001, Holm over 1 such sentence).',
  ]);
  expect(
    resultTable(panel).rows.find(([name]) => name === 'mislabelled 0.5, pairs by label 1'),
  ).toContain('50.0 %');
  expect(resultsCsv(runs)).toContain(
    'cifar10-false-pairs,cifar10,moco,own,none,pretrained,0.5,1,2,knnAccuracy,',
  );
});
