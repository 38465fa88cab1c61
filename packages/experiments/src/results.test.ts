import { expect, test } from 'vitest';
import { expandGrid, type NamedRun } from './grid.ts';
import { recipe } from './recipes/registry.ts';
import { resultsCsv, summariseSweep, timingsCsv, type FinishedRun } from './results.ts';
import { boundsApart, verdict } from './verdict.ts';

const sweep = { ...recipe('vts-moco'), imageNoises: [0.5, 1], noisyShares: [1], seeds: 3 };
const planned = expandGrid(sweep);

/** A result with the given mean IoU; the rest is made up. */
function finish(run: NamedRun, meanIou: number, learned = true): FinishedRun {
  const pretraining = run.config.kind === 'pretrained' ? { pretraining: { steps: 1, finalLoss: 4, featureStd: 0.9, chanceLoss: 6, learned, seconds: Math.random() } } : {};
  return {
    ...run,
    result: {
      configHash: '', ...pretraining, seconds: Math.random(), environment: { node: '', tensorflow: '', cpu: '', threads: 1, steps: 'compiled', precision: 'float32' },
      segmentation: {
        mode: 'frozen', meanIou, classes: [{ name: 'a', iou: meanIou }, { name: 'b', iou: null }], pixelAccuracy: 0.5, testImages: 1, learningRate: 1, candidates: [],
        steps: 1, finalLoss: 1, featuresCached: true, encoderHash: '', seconds: Math.random(),
      },
    },
  };
}
const level = ({ config: { kind, imageNoise, noisyShare, seed } }: NamedRun) =>
  (kind === 'random' ? 0.3 : kind === 'supervised' ? 0.9 : 0.5 + (noisyShare > 0 ? (imageNoise < 1 ? 0.05 + 0.001 * seed : -0.1 - 0.002 * seed) : 0)) + 0.01 * seed;
const finished = planned.map((run) => finish(run, level(run)));

test('cells hold mean and interval over seeds, and differences to clean pairs seed by seed', () => {
  const { cells, missing } = summariseSweep(planned, finished);
  expect(missing).toEqual([]);
  expect(cells.map(({ kind, imageNoise, noisyShare, meanIou }) => [kind, imageNoise, noisyShare, meanIou.count])).toEqual([
    ['random', 0, 0, 3], ['supervised', 0, 0, 3], ['pretrained', 0, 0, 3], ['pretrained', 0.5, 1, 3], ['pretrained', 1, 1, 3],
  ]);
  const noisy = cells[3] ?? expect.fail();
  expect(noisy.meanIou.mean).toBeCloseTo((0.55 + 0.561 + 0.572) / 3, 10);
  expect(noisy.difference?.mean).toBeCloseTo(0.051, 10);
  expect(noisy.difference?.standardDeviation).toBeCloseTo(0.001, 10); // unpaired it would be 0.011
  expect(cells.slice(0, 3).map(({ difference }) => difference)).toEqual([null, null, null]);
});

test('the verdict says gain and harm by intervals, wholly different pairs apart', () => {
  expect(verdict(summariseSweep(planned, finished))).toBe(
    'Partly noisy pairs (r_img below 1) against clean pairs: a gain in 1 of 1 settings (at most +5.1 points [+4.9, +5.3]). ' +
    'Pairs of wholly different images (r_img 1): harm in 1 of 1 (at worst -10.2 points [-10.7, -9.7]).');
});

test('the verdict is careful: no clear difference, bounds not apart, one seed, runs not learned or missing', () => {
  const wavering = planned.map((run) => finish(run, run.config.kind === 'random' ? 0.5 : 0.5 + (run.config.noisyShare > 0 ? 0.1 * (run.config.seed - 1) : 0.001 * run.config.seed), run.name !== 'clean-seed1'));
  const summary = summariseSweep(planned, wavering.slice(0, -1));
  expect(boundsApart(summary)).toBe(false);
  expect(verdict(summary)).toMatch(/no clear difference in 1 of 1 \([^)]* points \[[^\]]*\]\)\. .*this sweep cannot tell\. Not learned \(loss stayed at chance\): clean-seed1\. Missing: r1-share1-seed2\.$/);
  const single = { ...sweep, seeds: 1 };
  expect(verdict(summariseSweep(expandGrid(single), expandGrid(single).map((run) => finish(run, level(run)))))).toContain('with one seed there are no intervals');
});

test('results.csv has a row a run and metric and no times; timings.csv has them', () => {
  const lines = resultsCsv(finished).trim().split('\n');
  expect(lines[0]).toBe('recipe,method,kind,imageNoise,noisyShare,seed,metric,value,learned');
  expect(lines).toContain('vts-moco,moco,pretrained,0.5,1,1,meanIou,0.561,true');
  expect(lines).toContain('vts-moco,moco,random,,,0,iou:b,,');
  expect(lines).toContain(`vts-moco,moco,pretrained,0.5,1,1,f1:a,${(2 * 0.561) / 1.561},true`);
  expect(lines.length).toBe(1 + 6 * 6 + 9 * 7);
  expect(resultsCsv(planned.map((run) => finish(run, level(run))))).toBe(resultsCsv(finished)); // made-up times differ
  expect(timingsCsv(finished).split('\n')[0]).toBe('run,pretrainingSeconds,segmentationSeconds,runSeconds');
});
