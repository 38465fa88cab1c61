import { expect, test } from 'vitest';
import { sampleStream } from './sample-stream.ts';

const noisyIndices = (share: number, seed = 1, length = 37) => {
  const { at } = sampleStream(length, share, seed);
  return [...Array(length).keys()]
    .map(at)
    .filter(({ noisy }) => noisy)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
};

test.each([0, 0.1, 0.25, 0.5, 1])('share %d: exactly round(share * length) pairs', (share) => {
  expect(noisyIndices(share).length).toBe(Math.round(share * 37));
});

test(
  'the noisy pairs of a larger share include those of a smaller one, and the seed says which ' +
    'they are',
  () => {
    expect(noisyIndices(0.5)).toEqual(expect.arrayContaining(noisyIndices(0.2)));
    expect(noisyIndices(0.5)).not.toEqual(noisyIndices(0.5, 2));
  },
);

test('a pair is noisy in every epoch or in none, and the order changes from epoch to epoch', () => {
  const { at } = sampleStream(37, 0.5, 1);
  const epoch = (e: number) => [...Array(37).keys()].map((i) => at(e * 37 + i));
  const noisy = (e: number) =>
    new Set(
      epoch(e)
        .filter((s) => s.noisy)
        .map(({ index }) => index),
    );
  expect(noisy(4)).toEqual(noisy(0));
  expect(epoch(4).map(({ index }) => index)).not.toEqual(epoch(0).map(({ index }) => index));
  expect(epoch(4).every((s) => s.epoch === 4)).toBe(true);
});

test('a sample depends on its position alone, not on what was asked before', () => {
  const { at: forwards } = sampleStream(10, 0.5, 3);
  const { at: backwards } = sampleStream(10, 0.5, 3);
  const positions = [...Array(40).keys()];
  expect(positions.toReversed().map(backwards).reverse()).toEqual(positions.map(forwards));
});

test(
  'filter clean trains on the pairs that are clean without it, each once an epoch, and on no ' +
    'others',
  () => {
    const unfiltered = sampleStream(37, 0.4, 1);
    const filtered = sampleStream(37, 0.4, 1, 'clean');
    const clean = [...Array(37).keys()]
      .map((i) => unfiltered.at(i))
      .filter(({ noisy }) => !noisy)
      .map(({ index }) => index)
      .sort((a, b) => a - b);
    expect(filtered.length).toBe(37 - Math.round(0.4 * 37));
    for (const epoch of [0, 3]) {
      const samples = [...Array(filtered.length).keys()].map((i) =>
        filtered.at(epoch * filtered.length + i),
      );
      expect(samples.map(({ index }) => index).sort((a, b) => a - b)).toEqual(clean);
      expect(samples.every((sample) => !sample.noisy && sample.epoch === epoch)).toBe(true);
    }
    expect(() => sampleStream(37, 1, 1, 'clean')).toThrow(
      'filter clean: expected clean pairs to train on, got none of 37 at noisyShare 1',
    );
  },
);

test(
  'filter same-size-clean trains on as many pairs as without a filter: the very samples of ' +
    'noisyShare 0',
  () => {
    const clean = sampleStream(37, 0, 1);
    const sameSize = sampleStream(37, 0.4, 1, 'same-size-clean');
    expect([...Array(80).keys()].map((i) => sameSize.at(i))).toEqual(
      [...Array(80).keys()].map((i) => clean.at(i)),
    );
  },
);
