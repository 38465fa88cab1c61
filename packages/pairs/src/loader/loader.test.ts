import { expect, test } from 'vitest';
import { mocoV2Views, plainViews } from '../views/view-policy.ts';
import { openPairLoader, type PairBatch, type PairLoaderOptions } from './loader.ts';

const source = (factory: string, options: unknown) => ({
  module: new URL('../fixtures/sources.mjs', import.meta.url).href,
  factory,
  options,
});
const options = (over: Partial<PairLoaderOptions> = {}): PairLoaderOptions => ({
  source: source('numbered', { length: 10 }),
  batchSize: 4,
  noisyShare: 0.3,
  views: mocoV2Views(8),
  seed: 7,
  workers: 0,
  steps: 12,
  ...over,
});
/** Everything a batch holds, copied. */
const contents = ({
  step,
  epoch,
  indices,
  noisy,
  first,
  second,
  firstViews,
  secondViews,
}: PairBatch) =>
  structuredClone({
    step,
    epoch,
    indices: [...indices],
    noisy: [...noisy],
    first: [...first],
    second: [...second],
    firstViews: Object.values(firstViews as object).map((a: Float32Array) => [...a]),
    secondViews: Object.values(secondViews as object).map((a: Float32Array) => [...a]),
  });
async function all(over: Partial<PairLoaderOptions> = {}) {
  const loader = await openPairLoader(options(over));
  const batches = [];
  for (let batch; (batch = await loader.next());) {
    batches.push(contents(batch));
    batch.release();
  }
  await loader.close();
  return batches;
}

test('batches are the same bytes in the same order with 0, 1, 2 and 3 workers', async () => {
  const expected = await all();
  expect(expected.map(({ step }) => step)).toEqual([...Array(12).keys()]);
  for (const workers of [1, 2, 3]) expect(await all({ workers })).toEqual(expected);
});

test(
  'pixels are those of the pair that indices and noisy name, first and second being swapped for ' +
    'some',
  async () => {
    const batches = await all();
    const swaps = batches.flatMap(({ indices, noisy, first, second }) =>
      indices.map((index, row) => {
        const pixels = 2 * 2 * 3;
        const [a, b] = [first, second].map((images) =>
          images.slice(row * pixels, row * pixels + 3),
        ) as [number[], number[]];
        expect([a[0], a[2], b[0], b[2]]).toEqual([index, noisy[row], index, noisy[row]]);
        expect([a[1], b[1]].sort()).toEqual([1, 2]);
        return a[1] === 2;
      }),
    );
    expect(new Set(swaps)).toEqual(new Set([true, false]));
    const kept = await all({ swap: false });
    expect(kept.every(({ first }) => first[1] === 1)).toBe(true);
  },
);

test('true classes come along, swapped with their images; 255 where they are unknown', async () => {
  const classes = (batch: PairBatch) => [[...batch.firstClass], [...batch.secondClass]] as const;
  for (const workers of [0, 1]) {
    const loader = await openPairLoader(
      options({ source: source('numberedClasses', { length: 10 }), workers }),
    );
    const seen = new Set<boolean>();
    for (let batch; (batch = await loader.next());) {
      const [firstClass, secondClass] = classes(batch);
      for (const [row, index] of batch.indices.entries()) {
        const swapped = batch.first[row * 12 + 1] === 2;
        const own = [index % 7, (index % 5) + 100 + (batch.noisy[row] ?? NaN)];
        expect([firstClass[row], secondClass[row]]).toEqual(swapped ? own.reverse() : own);
        seen.add(swapped);
      }
      batch.release();
    }
    expect(seen.size).toBe(2);
    await loader.close();
  }
  const loader = await openPairLoader(options());
  expect(classes((await loader.next()) as PairBatch)).toEqual([
    Array(4).fill(255),
    Array(4).fill(255),
  ]);
  await loader.close();
});

test('a class that cannot be is refused', async () => {
  const loader = await openPairLoader(
    options({ source: source('numberedClasses', { length: 10, offset: 251 }), steps: 3 }),
  );
  const readAll = async () => {
    for (let batch; (batch = await loader.next());) batch.release();
  };
  await expect(readAll()).rejects.toThrow(
    /^numbered, pair \d: expected classes in 0\.\.254, got \d, 255$/,
  );
  await loader.close();
});

test('going on at a step gives what comes there anyway', async () => {
  expect(await all({ startStep: 5, workers: 2 })).toEqual((await all()).slice(5));
});

test(
  'every pair comes once an epoch, batches straddling epochs, and exactly the noisy share of ' +
    'them noisy',
  async () => {
    const samples = (await all({ steps: 15 })).flatMap(({ indices, noisy }) =>
      indices.map((index, row) => ({ index, noisy: noisy[row] })),
    );
    for (let epoch = 0; epoch < 6; epoch++) {
      const part = samples.slice(epoch * 10, (epoch + 1) * 10);
      expect(part.map(({ index }) => index).sort()).toEqual([...Array(10).keys()]);
      expect(part.filter(({ noisy }) => noisy === 1).length).toBe(3);
    }
  },
);

test(
  'what a source throws comes out of next() with the source and the pair named, in this thread ' +
    'and from a worker',
  async () => {
    for (const workers of [0, 2]) {
      const loader = await openPairLoader(
        options({ source: source('failing', { at: 3 }), workers, steps: 4 }),
      );
      const readAll = async () => {
        for (let batch; (batch = await loader.next());) batch.release();
      };
      await expect(readAll()).rejects.toThrow('failing, pair 3: the disk is gone');
      await loader.close();
    }
  },
);

test('a worker that dies rejects, and closing does not hang', async () => {
  const loader = await openPairLoader(options({ source: source('dying', {}), workers: 1 }));
  await expect(loader.next()).rejects.toThrow(
    'loader worker 0: expected to run on, got an exit with code 3',
  );
  await loader.close();
});

test('at most `ahead` batches are lent; releasing twice is an error', async () => {
  const loader = await openPairLoader(options({ workers: 1, ahead: 2 }));
  const first = await loader.next();
  const second = await loader.next();
  await expect(loader.next()).rejects.toThrow(
    'loader: expected a released batch, got none: all 2 are lent',
  );
  first?.release();
  expect((await loader.next())?.step).toBe(2);
  expect(second?.step).toBe(1);
  expect(() => {
    first?.release();
  }).toThrow('batch 0: expected to be released once, got a second time');
  await loader.close();
  await expect(loader.next()).rejects.toThrow('closed');
});

test.each<[Partial<PairLoaderOptions>, string]>([
  [{ noisyShare: 1.5 }, 'noisyShare: expected a number in 0..1, got 1.5'],
  [{ batchSize: 0 }, 'batchSize: expected a whole number of at least 1, got 0'],
  [{ batchSize: 11 }, 'batchSize: expected at most the 10 pairs of numbered, got 11'],
  [{ workers: -1 }, 'workers: expected a whole number of at least 0, got -1'],
  [{ views: { ...plainViews(8), flip: 2 } }, 'views flip: expected a number in 0..1, got 2'],
  [
    { views: { ...plainViews(8), scale: [0.5, 0.2] } },
    'views scale: expected 0 < low <= high <= 1, got 0.5, 0.2',
  ],
  [{ source: source('nothing', {}) }, 'to export a function nothing, got undefined'],
])('%j is refused', async (over, message) => {
  await expect(openPairLoader(options(over))).rejects.toThrow(message);
});

test('a filter leaves its mark on batches, epochs and length, whoever makes them', async () => {
  const clean = await all({ filter: 'clean' });
  expect(clean.flatMap(({ noisy }) => noisy)).toEqual(Array(48).fill(0));
  expect(new Set(clean.flatMap(({ indices }) => indices)).size).toBe(7);
  expect(clean.at(-1)?.epoch).toBe(Math.floor(44 / 7));
  expect(await all({ filter: 'clean', workers: 2 })).toEqual(clean);
  const loader = await openPairLoader(options({ filter: 'clean' }));
  expect(loader.length).toBe(7);
  await loader.close();
  await expect(openPairLoader(options({ filter: 'clean', batchSize: 8 }))).rejects.toThrow(
    'batchSize: expected at most the 7 pairs of',
  );
});
