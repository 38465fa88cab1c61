import { Random } from '@noisy-pairs/imaging';
import type { BatchArrays } from './batch-buffer.ts';
import { sampleStream } from './sample-stream.ts';
import type { PairSource } from './source.ts';
import { drawView } from './view-batch.ts';
import type { ViewPolicy } from './view-policy.ts';

/** What decides a batch's contents, besides its step. */
export interface BatchPlan {
  readonly batchSize: number;
  /** Share of the pairs that are noisy, 0..1, exact in every epoch. */
  readonly noisyShare: number;
  readonly views: ViewPolicy;
  readonly seed: number;
  /** Which of the two images becomes the query is a coin toss; otherwise it is the first. */
  readonly swap: boolean;
}

/** Fills arrays with the batch of a step; a batch is a function of source, plan and step alone. */
export type FillBatch = (step: number, arrays: BatchArrays) => Promise<void>;

/** @throws what the source throws, with the pair's index in front. */
export function batchFiller(source: PairSource, plan: BatchPlan): FillBatch {
  const { batchSize, views, swap } = plan;
  const sampleAt = sampleStream(source.length, plan.noisyShare, plan.seed);
  const random = Random.from(plan.seed).split('views');
  const pixels = source.size * source.size * 3;
  return async (step, arrays) => {
    for (let row = 0; row < batchSize; row++) {
      const position = step * batchSize + row;
      const { index, noisy } = sampleAt(position);
      const draws = random.split(position);
      const swapped = draws.bool() && swap;
      const first = arrays.first.subarray(row * pixels, (row + 1) * pixels);
      const second = arrays.second.subarray(row * pixels, (row + 1) * pixels);
      try {
        await source.read(index, noisy, swapped ? second : first, swapped ? first : second);
      } catch (error) {
        throw new Error(`${source.name}, pair ${index}: ${(error as Error).message}`, { cause: error });
      }
      arrays.indices[row] = index;
      arrays.noisy[row] = noisy ? 1 : 0;
      drawView(draws, views, arrays.firstViews, row);
      drawView(draws, views, arrays.secondViews, row);
    }
  };
}
