import { expect, test } from 'vitest';
import {
  finish,
  finished,
  gridOf,
  grids,
  level,
  planned,
  summarise,
} from '../fixtures/made-up-runs.ts';
import { runsOf } from '../sweep/grid.ts';
import { boundsApart } from './summary/bounds-apart.ts';
import { verdicts } from './verdict.ts';

test('the verdict says gain and harm by intervals, wholly different pairs apart', () => {
  expect(verdicts(summarise(grids, finished))).toEqual([
    'Partly noisy pairs (r_img below 1) against clean pairs (t tests paired by seed, Holm over ' +
      '2): gain (+5.1 points [+4.7, +5.5], n = 3, p < 0.001).',
    'Pairs of wholly different images (r_img 1) (t tests paired by seed, Holm over 2): harm ' +
      '(-10.2 points [-10.7, -9.7], n = 3, p < 0.001).',
    'Caption of Fig. 4, "noisy pairs gain": holds (+5.1 points ' +
      '[+4.7, +5.5], n = 3, p < 0.001, Holm over 2 such sentences).',
    'Caption of Fig. 4, "wholly different images do not gain": holds ' +
      '(-10.2 points [-10.7, -9.7], n = 3, p < 0.001, Holm over 2 such sentences).',
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
    const summary = summarise(grids, wavering.slice(0, -1));
    const [panel] = summary.panels;
    expect(boundsApart(panel ?? expect.fail())).toBe(false);
    expect(verdicts(summary).join(' ')).toMatch(
      new RegExp(
        'cannot tell \\([^)]* points \\[[^\\]]*\\], n = 3, such seeds [^)]* takes 469 ' +
          'seeds\\)\\. .*not learned \\(1 of 2 seeds\\)\\. .*this sweep cannot ' +
          'tell\\. Not learned \\(loss at chance, or features collapsed\\): clean pairs ' +
          '\\(1 of 3 runs\\)\\. With those seeds and without them .*n = 3; without .*n = 2\\. ',
      ),
    );
    expect(verdicts(summary).at(-1)).toBe('Missing: r1-share1-seed2.');
    const single = gridOf('vts-moco', [0.5, 1], [1], 1);
    expect(
      verdicts(
        summarise(
          single,
          runsOf(single).map((run) => finish(run, level(run))),
        ),
      ),
    ).toContain('Caution: with one seed there are no intervals; this is a first look.');
  },
);
