import { Random } from '@noisy-pairs/imaging';
import { sampleStream, type PairFilter } from '../sample-stream.ts';
import type { PairSource } from '../source.ts';
import { drawView } from '../views/view-batch.ts';
import type { ViewPolicy } from '../views/view-policy.ts';
import type { BatchArrays } from './batch-buffer.ts';

/** All that decides a batch's contents, besides its step. */
export interface BatchPlan {
  readonly batchSize: number;
  /** Share of the pairs that are noisy, 0..1, exact in every epoch. */
  readonly noisyShare: number;
  /** Whether noisy pairs are trained on, left out or exchanged. */
  readonly filter: PairFilter;
  readonly views: ViewPolicy;
  readonly seed: number;
  /** Which of the two images becomes the query is a coin toss; otherwise it is the first. */
  readonly swap: boolean;
}

/** firstClass and secondClass where the source does not know. */
const unknownClass = 255;

export interface BatchFiller {
  /** Pairs an epoch. */
  readonly length: number;
  /**
   * Fills arrays with the batch of a step; a batch is a function of source, plan and step alone.
   */
  readonly fill: (step: number, arrays: BatchArrays) => Promise<void>;
}

/** @throws as sampleStream; filling, what the source throws, with the pair's index in front. */
export function batchFiller(source: PairSource, plan: BatchPlan): BatchFiller {
  const { batchSize, views, swap } = plan;
  const samples = sampleStream(source.length, plan.noisyShare, plan.seed, plan.filter);
  const random = Random.from(plan.seed).split('views');
  const pixels = source.size * source.size * 3;

  const fillRow = async (position: number, row: number, arrays: BatchArrays) => {
    const { index, noisy } = samples.at(position);
    const draws = random.split(position);
    const swapped = draws.bool() && swap;
    const first = arrays.first.subarray(row * pixels, (row + 1) * pixels);
    const second = arrays.second.subarray(row * pixels, (row + 1) * pixels);
    const images = swapped ? ([second, first] as const) : ([first, second] as const);
    const classes = await readPair(source, index, noisy, images);
    arrays.indices[row] = index;
    arrays.noisy[row] = noisy ? 1 : 0;
    arrays.firstClass[row] = classes[swapped ? 1 : 0];
    arrays.secondClass[row] = classes[swapped ? 0 : 1];
    drawView(draws, views, arrays.firstViews, row);
    drawView(draws, views, arrays.secondViews, row);
  };
  return {
    length: samples.length,
    async fill(step, arrays) {
      for (let row = 0; row < batchSize; row++) await fillRow(step * batchSize + row, row, arrays);
    },
  };
}

/** Writes a pair into two buffers. @returns its classes, unknownClass where they are not known */
async function readPair(
  source: PairSource,
  index: number,
  noisy: boolean,
  [first, second]: readonly [Uint8Array, Uint8Array],
): Promise<readonly [number, number]> {
  try {
    await source.read(index, noisy, first, second);
    return classesOf(source, index, noisy);
  } catch (error) {
    throw new Error(`${source.name}, pair ${index}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function classesOf(source: PairSource, index: number, noisy: boolean): readonly [number, number] {
  const classes = source.classesOf?.(index, noisy);
  if (!classes) return [unknownClass, unknownClass];
  if (!classes.every((id) => Number.isInteger(id) && id >= 0 && id < unknownClass))
    throw new Error(`expected classes in 0..${unknownClass - 1}, got ${classes.join(', ')}`);
  return classes;
}
