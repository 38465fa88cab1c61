import { openPairLoader, type PairLoader } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { ahead } from './ahead.ts';

/** A loader of three batches that tells when it is asked. */
async function open(asked: number[] = []): Promise<PairLoader> {
  const { source, batchSize, noisyShare, views, seed } = smallRun('');
  const options = { source, batchSize, noisyShare, views, seed, workers: 0, steps: 3 };
  const loader = await openPairLoader(options);
  return {
    ...loader,
    next() {
      asked.push(asked.length);
      return loader.next();
    },
  };
}

it('gives the batches in order, each asked for when the one before is released', async () => {
  const asked: number[] = [];
  const seen: number[] = [];
  let last = 0;
  for await (const batch of ahead(await open(asked))) {
    expect(asked.length).toBe(batch.step + 1);
    expect(batch.ready).toBeGreaterThanOrEqual(last);
    last = batch.ready;
    batch.release();
    expect(asked.length).toBe(batch.step + 2);
    seen.push(batch.step);
  }
  expect(seen).toEqual([0, 1, 2]);
});

it('refuses to go on with a batch that is still lent', async () => {
  const batches = ahead(await open());
  await batches.next();
  await expect(batches.next()).rejects.toThrow(
    'loader: expected a batch to be released before the next is asked for',
  );
});

it('tells what its loader died of when the batch is awaited, and not before', async () => {
  const loader = await open();
  const dying = { ...loader, next: () => Promise.reject(new Error('no more pairs')) };
  const batches = ahead(dying);
  await expect(batches.next()).rejects.toThrow('no more pairs');
});
