// A sweep on xBD: real processes, real training, in the small.
import { existsSync, readFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { xview2Score } from '@noisy-pairs/evaluation';
import { readImage } from '@noisy-pairs/imaging';
import {
  indexXbd,
  officialSplit,
  openMaskCache,
  readIndex,
  writeIndex,
  writeSampleSet,
} from '@noisy-pairs/xbd';
import { beforeAll, expect, test } from 'vitest';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';
import type { RunResult } from '../run/result/run-result.ts';

const sweep = (...args: string[]) => runProgram('sweep', args);

/** Made-up places, and a sweep on them. */
const root = join(temporary(), 'xbd');
const out = join(temporary(), 'out');
const flags = ['--recipe', 'xbd-smoke', '--data', root];
let swept: ReturnType<typeof sweep>;
beforeAll(async () => {
  await writeSampleSet({ out: root, tiles: 16, seed: 2, size: 256, layout: 'png' });
  swept = sweep(...flags, '--out', out);
}, timeout);

test('building segmentation and classes of damage by the arms of both questions', () => {
  const { status, stdout, stderr } = swept;
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const damaged = Number(/: (\d+) damaged, /.exec(stdout)?.[1]);
  expect(damaged).toBeGreaterThan(0);
  for (const words of ['damaged crops, before and after', 'undamaged crops, before and after'])
    expect(stdout).toContain(`  ${words}: ${damaged} pairs, ${damaged} distinct crops, `);
  expect(stdout).toMatch(/ {2}all pairs as they come: 64 pairs, 64 distinct crops, /);
  expect(stdout).toContain('Does the damage in a pair hurt? (t tests paired by seed, Holm over 6)');
  expect(stdout).toMatch(/: Damage alone [^:]*: (cannot tell|not learned) \(/);
  expect(stdout).toMatch(/Filtering against dropping as many at random: (cannot tell|not learned)/);
  const results = readFileSync(join(out, 'results.csv'), 'utf8');
  for (const metric of [
    'iou:building',
    'f1:building',
    'damage:meanIou',
    'damage:iou:destroyed',
    'xview2',
    'xview2:localisation',
  ])
    expect(results).toContain(`,${metric},`);
  expect(results).toMatch(/,pairs:crops,64,(true|false),keep\n/);
  expect(results).toMatch(/,pairs:buildingShare,0\.\d+,(true|false),exchange\n/);
  const { damage } = JSON.parse(
    readFileSync(join(out, 'runs', 'filter-keep-seed0', 'result.json'), 'utf8'),
  ) as RunResult;
  expect(damage?.xview2.score).toBeCloseTo(
    0.3 * (damage?.xview2.localisation ?? NaN) + 0.7 * (damage?.xview2.damage ?? NaN),
    12,
  );
  expect(damage?.segmentation.classes.length).toBe(5);
  expect(readdirSync(join(out, 'runs', 'filter-keep-seed0', 'damage', 'predictions')).length).toBe(
    2,
  );
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toContain('damaged between the images');
  expect(report).toContain('xView2 score');
  expect(report).toContain('<th>distinct crops</th>');
});

test('its configuration is a recipe by itself, with index and natural share', () => {
  const file = join(temporary(), 'xbd.json');
  expect(sweep(...flags, '--dry-run', file).status).toBe(0);
  const again = sweep('--recipe', file, '--out', out, '--dry-run');
  expect(again.stdout).toBe(readFileSync(file, 'utf8'));
  expect(again.stderr).toContain('  filter-keep-seed0 (done)\n');
});

test(
  'a run predicts whole tiles for the challenge, by the index of others',
  { timeout },
  async () => {
    const whole = join(temporary(), 'whole');
    const submission = join(temporary(), 'submission');
    await writeSampleSet({ out: whole, tiles: 3, seed: 4, size: 1024, layout: 'png' });
    const index = join(whole, 'index.json');
    await writeIndex(index, await indexXbd(whole));
    const run = join(out, 'runs', 'filter-keep-seed0');
    const where = ['--index', index, '--out', submission, '--split', 'train'];
    const submitted = runProgram('submit', ['--run', run, ...where]);
    expect(submitted.stdout).toMatch(
      /^\d tiles into .*: xView2 score [\d.]+ % \(buildings [\d.]+, damage [\d.]+\)/,
    );
    expect(submitted.status).toBe(0);
    const places = readFileSync(join(submission, 'places.csv'), 'utf8').trim().split('\n').slice(1);
    expect(readdirSync(submission).length).toBe(2 * places.length + 2);
    expect(places[0]).toMatch(/^00000,synthetic-[a-z]+_\d{8}$/);
    const score = xview2Score();
    for (const [i, pair] of officialSplit((await readIndex(index)).pairs, ['train']).entries()) {
      const [localisation, damage] = await Promise.all(
        ['localization', 'damage'].map((what) =>
          readImage(join(submission, `test_${what}_0000${i}_prediction.png`)),
        ),
      );
      expect([damage?.width, damage?.height, damage?.channels]).toEqual([1024, 1024, 1]);
      const masks = openMaskCache();
      const truth = (await masks.damage(join(whole, pair.postLabel), 1024, 1024)).data;
      const nodata = (await masks.nodata(join(whole, pair.pre), join(whole, pair.post))).data;
      const known = (data: Uint8Array) =>
        data.filter((_, at) => truth[at] !== 255 && nodata[at] === 0);
      score.add(
        known(localisation?.data as Uint8Array),
        known(damage?.data as Uint8Array),
        known(truth),
        known(truth),
      );
    }
    expect(JSON.parse(readFileSync(join(submission, 'score.json'), 'utf8'))).toEqual(
      score.result(),
    );
  },
);

test('read from an index file, it is the same sweep', { timeout }, () => {
  expect(sweep(...flags, '--out', out).stdout).toMatch(/10 runs were done already/);
});

test('a file that is cut off is named before anything starts', { timeout }, () => {
  const folder = join(root, 'train', 'images');
  const cut = join(folder, readdirSync(folder)[0] as string);
  const broken = join(temporary(), 'broken');
  truncateSync(cut, statSync(cut).size >> 1);
  const failed = runProgram('sweep', [...flags, '--out', broken], {
    XDG_CACHE_HOME: temporary(),
  });
  expect(failed.status).toBe(1);
  expect(failed.stderr.split('\n').filter((line) => line !== '')).toEqual([
    expect.stringMatching(new RegExp(`^experiments:sweep: ${cut}: not a readable image`)),
  ]);
  expect(existsSync(broken)).toBe(false);
});
