import { expect, test } from 'vitest';
import { expandGrid, runsOf, type NamedRun, type PanelGrid } from '../sweep/grid.ts';
import { recipe } from '../recipes/registry.ts';
import { resultsCsv, summariseSweep, timingsCsv, type FinishedRun } from './summary.ts';
import { resultTable } from './table.ts';
import { cutsIntervals, trendPlot } from './trend-plot.ts';
import { boundsApart, panelVerdict, verdicts } from './verdict.ts';

/** A recipe's first panel on the given levels and shares. */
function gridOf(
  name: string,
  imageNoises: number[],
  noisyShares: number[],
  seeds = 3,
): PanelGrid[] {
  const sweep = recipe(name);
  return expandGrid({
    ...sweep,
    seeds,
    panels: [{ ...(sweep.panels[0] ?? expect.fail()), imageNoises, noisyShares }],
  });
}
const grids = gridOf('vts-moco', [0.5, 1], [1]);
const planned = runsOf(grids);
const summarise = (grid: PanelGrid[], runs: readonly FinishedRun[]) =>
  summariseSweep('vts-moco', grid, runs);
const panelOf = (grid: PanelGrid[], runs: readonly FinishedRun[]) =>
  summarise(grid, runs).panels[0] ?? expect.fail();

/** A result with the given mean IoU; the rest is made up. */
function finish(run: NamedRun, meanIou: number, learned = true): FinishedRun {
  const pretraining =
    run.config.kind === 'pretrained'
      ? {
          pretraining: {
            steps: 1,
            finalLoss: 4,
            featureStd: 0.9,
            chanceLoss: 6,
            randomLoss: 6.1,
            learned,
            seconds: Math.random(),
          },
        }
      : {};
  return {
    ...run,
    result: {
      configHash: '',
      ...pretraining,
      seconds: Math.random(),
      environment: {
        node: '',
        tensorflow: '',
        cpu: '',
        threads: 1,
        steps: 'compiled',
        precision: 'float32',
      },
      segmentation: {
        mode: 'frozen',
        meanIou,
        classes: [
          { name: 'a', iou: meanIou },
          { name: 'b', iou: null },
        ],
        pixelAccuracy: 0.5,
        testImages: 1,
        learningRate: 1,
        candidates: [],
        steps: 1,
        finalLoss: 1,
        featuresCached: true,
        encoderHash: '',
        seconds: Math.random(),
      },
    },
  };
}
const level = ({ config: { kind, imageNoise, noisyShare, seed } }: NamedRun) =>
  (kind === 'random'
    ? 0.3
    : kind === 'supervised'
      ? 0.9
      : 0.5 + (noisyShare > 0 ? (imageNoise < 1 ? 0.05 + 0.001 * seed : -0.1 - 0.002 * seed) : 0)) +
  0.01 * seed;
const finished = planned.map((run) => finish(run, level(run)));

test('cells hold mean and interval over seeds, and differences to clean pairs seed by seed', () => {
  const { panels, missing } = summarise(grids, finished),
    { cells } = panels[0] ?? expect.fail();
  expect(missing).toEqual([]);
  expect(
    cells.map(({ kind, imageNoise, noisyShare, score }) => [
      kind,
      imageNoise,
      noisyShare,
      score.count,
    ]),
  ).toEqual([
    ['random', 0, 0, 3],
    ['supervised', 0, 0, 3],
    ['pretrained', 0, 0, 3],
    ['pretrained', 0.5, 1, 3],
    ['pretrained', 1, 1, 3],
  ]);
  const noisy = cells[3] ?? expect.fail();
  expect(noisy.score.mean).toBeCloseTo((0.55 + 0.561 + 0.572) / 3, 10);
  expect(noisy.difference?.mean).toBeCloseTo(0.051, 10);
  expect(noisy.difference?.standardDeviation).toBeCloseTo(0.001, 10); // unpaired it would be 0.011
  expect(cells.slice(0, 3).map(({ difference }) => difference)).toEqual([null, null, null]);
});

test('the verdict says gain and harm by intervals, wholly different pairs apart', () => {
  expect(verdicts(summarise(grids, finished))).toEqual([
    'Partly noisy pairs (r_img below 1) against clean pairs: a gain in 1 of 1 settings (at ' +
      'most +5.1 points [+4.9, +5.3]). ' +
      'Pairs of wholly different images (r_img 1): harm in 1 of 1 (at worst -10.2 points ' +
      '[-10.7, -9.7]).',
  ]);
});

test(
  'the verdict is careful: no clear difference, bounds not apart, one seed, runs not learned or ' +
    'missing',
  () => {
    const wavering = planned.map((run) =>
      finish(
        run,
        run.config.kind === 'random'
          ? 0.5
          : 0.5 +
              (run.config.noisyShare > 0 ? 0.1 * (run.config.seed - 1) : 0.001 * run.config.seed),
        run.name !== 'clean-seed1',
      ),
    );
    const summary = summarise(grids, wavering.slice(0, -1)),
      [panel] = summary.panels;
    expect(boundsApart(panel ?? expect.fail())).toBe(false);
    expect(verdicts(summary)[0]).toMatch(
      /no clear difference in 1 of 1 \([^)]* points \[[^\]]*\]\)\. .*this sweep cannot tell\. Not learned \(loss at chance, or features collapsed\): clean pairs \(1 of 3 runs\)\.$/,
    );
    expect(verdicts(summary)[1]).toBe('Missing: r1-share1-seed2.');
    const single = gridOf('vts-moco', [0.5, 1], [1], 1);
    expect(
      panelVerdict(
        panelOf(
          single,
          runsOf(single).map((run) => finish(run, level(run))),
        ),
      ),
    ).toContain('with one seed there are no intervals');
  },
);

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
          ('robust' in method && method.robust ? -0.03 : 0) +
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
    expect(panelVerdict(panel)).toMatch(
      /Noisy pairs filtered: fewer pairs, against just keeping them: a gain in 1 of 1 settings .* Noisy pairs kept, robust loss, against just keeping them: harm in 2 of 2/,
    );
  },
);

test('on CIFAR-10, pairs by labels are compared with pairs by true labels, by nearest neighbours', () => {
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
            0.3 * run.config.imageNoise -
            (run.config.noisyShare === 0 ? 0.1 : 0) +
            0.01 * run.config.seed,
    ),
  );
  const panel = panelOf(grid, runs);
  expect(panel.metric).toBe('knnAccuracy');
  const cell = panel.cells.find(({ imageNoise }) => imageNoise === 0.5) ?? expect.fail();
  // not -0.05, which it is to pairs of one image
  expect(cell.difference?.mean).toBeCloseTo(-0.15, 10);
  expect(cell.linear?.mean).toBeCloseTo(cell.score.mean + 0.1, 10);
  expect(
    panel.cells.find(({ imageNoise, noisyShare }) => imageNoise === 0 && noisyShare === 1)
      ?.difference,
  ).toBeNull();
  expect(panelVerdict(panel)).toBe(
    'Pairs by labels of which some are wrong against pairs by true labels: harm in 1 of 1 (at ' +
      'worst -15.0 points [-15.0, -15.0]).',
  );
  expect(
    resultTable(panel).rows.find(([name]) => name === 'mislabelled 0.5, pairs by label 1'),
  ).toContain('50.0 %');
  expect(resultsCsv(runs)).toContain(
    'cifar10-false-pairs,cifar10,moco,own,none,pretrained,0.5,1,2,knnAccuracy,',
  );
});

test(
  'the plot keeps to the means: intervals that are longer than it is high are cut off, and it is ' +
    'known that they are',
  async () => {
    expect(cutsIntervals(summarise(grids, finished))).toBe(false);
    const two = gridOf('vts-moco', [0.5, 1], [1], 2);
    const wild = summarise(
      two,
      runsOf(two).map((run) =>
        finish(run, level(run) + (run.config.noisyShare > 0 ? 0.2 * run.config.seed : 0)),
      ),
    ); // +-1.3 around 0.6
    expect(cutsIntervals(wild)).toBe(true);
    const labels = [...(await trendPlot(wild)).matchAll(/>([−-]?[0-9.]+)<\/text>/g)].map(
      ([, label = '']) => Number(label.replace('−', '-')),
    );
    expect(labels.length).toBeGreaterThan(5);
    expect(Math.min(...labels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...labels)).toBeLessThanOrEqual(1);
  },
);

test('results.csv has a row a run and metric and no times; timings.csv has them', () => {
  const lines = resultsCsv(finished).trim().split('\n');
  expect(lines[0]).toBe(
    'recipe,data,method,loss,filter,kind,imageNoise,noisyShare,seed,metric,value,learned',
  );
  expect(lines).toContain('vts-moco,vts,moco,own,none,pretrained,0.5,1,1,meanIou,0.561,true');
  expect(lines).toContain('vts-moco,vts,,,,random,,,0,iou:b,,');
  expect(lines).toContain(
    `vts-moco,vts,moco,own,none,pretrained,0.5,1,1,f1:a,${(2 * 0.561) / 1.561},true`,
  );
  expect(lines.length).toBe(1 + 6 * 6 + 9 * 8);
  // F1 of an IoU of 0.7 is oracle J's f1_pos, of 35 true, 5 missed and 10 false ones.
  const [run] = planned;
  expect(resultsCsv([finish(run ?? expect.fail(), 0.7)])).toContain(
    `,f1:a,${70 / 85}`.slice(0, 18),
  );
  // made-up times differ
  expect(resultsCsv(planned.map((run) => finish(run, level(run))))).toBe(resultsCsv(finished));
  expect(timingsCsv(finished).split('\n')[0]).toBe('run,pretrainingSeconds,headSeconds,runSeconds');
});
