import { Random } from '@noisy-pairs/imaging';
import type { PairSource } from '@noisy-pairs/pairs';
import { checkSet, hogScorer, scoreSet, validate } from '@noisy-pairs/scores';
import { expect, test } from 'vitest';
import type { VtsOptions } from '../options.ts';
import { createVtsPairSource } from '../sources.ts';
import { vtsScoredPairs } from './scored-pairs.ts';

const options: VtsOptions = {
  size: 128,
  cells: 20,
  imageNoise: 0.25,
  seed: 0,
  length: 80,
  textures: { kind: 'procedural', instances: 3 },
};

async function aurocOf(set: VtsOptions) {
  const scored = await scoreSet(await vtsScoredPairs(set), 0, [hogScorer]);
  return validate(scored, 'hog', Random.from(0));
}

test('HOG finds noise of r_img 0.25 through nuisance of acquisition', async () => {
  const validation = await aurocOf({ ...options, nuisance: {} });
  const { hog } = validation?.aurocs[0]?.byColumn ?? {};
  expect(hog).toMatchObject({ positives: 40, count: 80, clusters: 80 });
  expect(hog?.value).toBeGreaterThan(0.95);
  expect(validation?.void).toBe(false);
});

test('without nuisance the test is void', async () => {
  const validation = await aurocOf({ ...options, length: 12 });
  expect(validation?.void).toBe(true);
});

test('partners of made-up pairs are found, and nuisance of one size raises no alarm', async () => {
  const set = await vtsScoredPairs({ ...options, length: 30, nuisance: {} });
  const alarms = await checkSet(set, await scoreSet(set, 0, [hogScorer]), Random.from(0));
  expect(alarms.find(({ name }) => name === 'partners')?.state).toBe('none');
});

const pixels = () => new Uint8Array(128 * 128 * 3);

async function pairOf(source: PairSource, index: number, noisy: boolean) {
  const [first, second] = [pixels(), pixels()];
  await source.read(index, noisy, first, second);
  return { first, second };
}

test('nuisance touches the second image alone, and is a function of the index', async () => {
  const plain = await createVtsPairSource(options);
  const taken = await createVtsPairSource({ ...options, nuisance: {} });
  const again = await createVtsPairSource({ ...options, nuisance: {} });
  await pairOf(again, 3, true);
  for (const noisy of [false, true]) {
    const [a, b] = [await pairOf(plain, 5, noisy), await pairOf(taken, 5, noisy)];
    expect(b.first).toEqual(a.first);
    expect(b.second).not.toEqual(a.second);
    expect(await pairOf(again, 5, noisy)).toEqual(b);
  }
});

test('a shift alone moves the image by whole pixels', async () => {
  const nuisance = { gain: 0, gamma: 0, blur: 0, noise: 0, shift: 2 };
  const source = await createVtsPairSource({ ...options, nuisance });
  const { first, second } = await pairOf(source, 1, false);
  const at = (image: Uint8Array, x: number, y: number) => image[3 * (y * 128 + x)];
  const moves = [-2, -1, 0, 1, 2].flatMap((right) =>
    [-2, -1, 0, 1, 2].map((down) => [right, down]),
  );
  const fitting = moves.filter(([right = 0, down = 0]) => {
    for (let y = 2; y < 126; y++)
      for (let x = 2; x < 126; x++)
        if (at(second, x, y) !== at(first, x - right, y - down)) return false;
    return true;
  });
  expect(fitting).toHaveLength(1);
});
