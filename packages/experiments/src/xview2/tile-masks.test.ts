import { expect, test } from 'vitest';
import { openTileMasks } from './tile-masks.ts';

test('crops come together row by row, in batches that end anywhere', () => {
  // tiles of 4 px from crops of 2 px, each of one class: 0, 1, 2, 3 and 4, 5, 6, 7
  const crops = Uint8Array.from({ length: 8 * 4 }, (_, i) => Math.floor(i / 4));
  const masks = openTileMasks(4, 2);
  const batches = [crops.subarray(0, 12), crops.subarray(12, 28), crops.subarray(28)];
  const tiles = batches.map((batch) => masks.add(batch).map(({ data }) => [...data]));
  const tile = (a: number, b: number, c: number, d: number) => [
    ...[a, a, b, b],
    ...[a, a, b, b],
    ...[c, c, d, d],
    ...[c, c, d, d],
  ];
  expect(tiles).toEqual([[], [tile(0, 1, 2, 3)], [tile(4, 5, 6, 7)]]);
});

test('crops of the size of a tile are the tiles', () => {
  const crops = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const tiles = openTileMasks(2, 2).add(crops);
  expect(tiles.map(({ data, width, channels }) => [[...data], width, channels])).toEqual([
    [[1, 2, 3, 4], 2, 1],
    [[5, 6, 7, 8], 2, 1],
  ]);
});
