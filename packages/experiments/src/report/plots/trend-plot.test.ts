import { expect, test } from 'vitest';
import { finish, finished, gridOf, grids, level, summarise } from '../../fixtures/made-up-runs.ts';
import { runsOf } from '../../sweep/grid.ts';
import { trendPlot } from './trend-plot.ts';
import { cutsIntervals } from './trend-scale.ts';

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
    const labels = [...((await trendPlot(wild)) ?? '').matchAll(/>([−-]?[0-9.]+)<\/text>/g)].map(
      ([, label = '']) => Number(label.replace('−', '-')),
    );
    expect(labels.length).toBeGreaterThan(5);
    expect(Math.min(...labels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...labels)).toBeLessThanOrEqual(1);
  },
);
