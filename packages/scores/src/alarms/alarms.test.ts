import { createRaster, Random, type Raster } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { scene, setOf } from '../fixtures/made-up-set.ts';
import { hogScorer } from '../set/pair-scorer.ts';
import { scoreSet } from '../set/score-set.ts';
import { checkSet } from './check-set.ts';

type Pair = readonly [Raster, Raster];

/** The image, moved to the right; what comes in from the left is the edge. */
function moved({ width, height, data }: Raster, by: number): Raster {
  const result = createRaster(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let band = 0; band < 3; band++)
        result.data[3 * (y * width + x) + band] =
          data[3 * (y * width + Math.max(0, x - by)) + band] ?? 0;
  return result;
}

async function alarmsOf(pairs: readonly Pair[], place?: (i: number) => string) {
  const set = setOf(
    pairs.map(([first, second]) => ({ first, second, changedShare: null })),
    place,
  );
  const scored = await scoreSet(set, 0, [hogScorer]);
  const alarms = await checkSet(set, scored, Random.from(0));
  return Object.fromEntries(alarms.map((alarm) => [alarm.name, alarm]));
}

const truePairs = (n: number): Pair[] =>
  Array.from({ length: n }, (_, i) => [scene(i, 6), scene(i, 7)] as const);
const rotated = (pairs: readonly Pair[]): Pair[] =>
  pairs.map(([first], i) => [first, (pairs[(i + 1) % pairs.length] as Pair)[1]]);

test('a true list raises no alarm', async () => {
  const alarms = await alarmsOf(truePairs(24));
  for (const alarm of Object.values(alarms)) expect(alarm).toMatchObject({ state: 'none' });
  expect(alarms['partners']?.line).toMatch(/^of 24 first images, 2[234] have their own partner/);
});

test('second images rotated by one are seen, by how much and with what numbers', async () => {
  const { partners } = await alarmsOf(rotated(truePairs(24)));
  expect(partners?.state).toBe('alarm');
  expect(partners?.line).toMatch(/shifted by one: the previous pair's fits better; of 24/);
});

test('second images in another order are seen; also if places hold many alike', async () => {
  const pairs = truePairs(24);
  const order = Random.from(5).permutation(24);
  const shuffled = pairs.map(
    ([first], i) => [first, (pairs[order[i] as number] as Pair)[1]] as const,
  );
  const { partners } = await alarmsOf(shuffled, (i) => `place ${i >> 3}`);
  expect(partners?.state).toBe('alarm');
  expect(partners?.line).toMatch(/^second images fit no better than by chance/);
});

test('few pairs are said to be undecidable, not right', async () => {
  const { partners } = await alarmsOf([
    [scene(1), scene(11)],
    [scene(2), scene(12)],
    [scene(3), scene(3, 9)],
  ]);
  expect(partners).toMatchObject({ state: 'undecidable' });
  expect(partners?.line).toMatch(/^too few pairs to tell; of 3 first images/);
});

test('an offset that all pairs share is seen to the pixel', async () => {
  const pairs = truePairs(12).map(([first, second]) => [first, moved(second, 3)] as const);
  const { alignment } = await alarmsOf(pairs);
  expect(alignment?.state).toBe('alarm');
  expect(alignment?.line).toContain('lies 3.0 px from the first one, 3 right and 0 down');
});

test('duplicates, the same image twice, saturated, black and flat images are named', async () => {
  const pairs = truePairs(20);
  const [one, two, three] = pairs as [Pair, Pair, Pair];
  const white = createRaster(64, 64, 3);
  white.data.fill(255);
  const alarms = await alarmsOf([
    ...pairs,
    [one[0], two[1]],
    [three[0], three[0]],
    [white, createRaster(64, 64, 3)],
  ]);
  expect(alarms['same image twice']).toEqual({
    name: 'same image twice',
    state: 'alarm',
    line: 'in 1 of 23 pairs both images are the same pixels: pair 21',
  });
  expect(alarms['duplicates']?.line).toBe(
    '3 images are in more than one pair, to the pixel: pair 0 = pair 20, pair 1 = pair 20, ' +
      'pair 2 = pair 21',
  );
  for (const name of ['saturated', 'black', 'flat']) {
    expect(alarms[name]?.state).toBe('alarm');
    expect(alarms[name]?.line).toMatch(/^1 of 23 have .*most in pair 22 \(100 %\)$/);
  }
});
