import type { PairFilter } from '../sample-stream.ts';
import { openSource, type PairSource, type SourceSpec } from '../source.ts';
import { checkViewPolicy, type ViewPolicy } from '../views/view-policy.ts';
import { batchArrays, batchBytes, type BatchArrays } from './batch-buffer.ts';
import { openBatchQueue } from './batch-queue.ts';
import { batchFiller, type BatchFiller, type BatchPlan } from './fill-batch.ts';
import { startWorkers, type BatchMaker } from './worker-pool.ts';

/**
 * A batch of pairs. Its arrays are lent: `release` gives them back to be filled again, after which
 * they must not be read.
 */
export interface PairBatch extends BatchArrays {
  readonly step: number;
  /** Epoch of the first sample. */
  readonly epoch: number;
  /** Edge of the images in pixels. */
  readonly size: number;
  /** @throws when called twice. */
  release(): void;
}

export interface PairLoaderOptions {
  readonly source: SourceSpec;
  readonly batchSize: number;
  /** Share of the pairs that are noisy, 0..1, exact in every epoch. */
  readonly noisyShare: number;
  /**
   * Whether noisy pairs are trained on, left out, or exchanged for clean ones. Default none: they
   * are trained on.
   */
  readonly filter?: PairFilter;
  readonly views: ViewPolicy;
  readonly seed: number;
  /**
   * Threads that make batches; 0 = this one, when a batch is asked for. Batches do not depend on
   * it. Default 1.
   */
  readonly workers?: number;
  /**
   * Batches that may be ready or in the making or lent at once: bounds the memory. Default workers
   * + 2.
   */
  readonly ahead?: number;
  /** The loader's only state: where to go on. Default 0. */
  readonly startStep?: number;
  /** The step before which to end. */
  readonly steps: number;
  /** Which of the two images becomes the query is a coin toss. Default true. */
  readonly swap?: boolean;
}

export interface PairLoader {
  /** Pairs an epoch: those of the source that the filter leaves. */
  readonly length: number;
  /** Time that next() has spent waiting, in milliseconds. */
  readonly waitMs: number;
  /**
   * The next batch in order, or undefined at the end.
   * @throws what the source or its worker died of
   */
  next(): Promise<PairBatch | undefined>;
  /** Ends the workers, which otherwise keep the process alive; lent arrays stay readable. */
  close(): Promise<void>;
}

/**
 * Opens a source and makes its batches ahead of their use.
 * @throws if an option is out of range, or the source cannot be opened.
 */
export async function openPairLoader(options: PairLoaderOptions): Promise<PairLoader> {
  const { batchSize, steps, workers = 1, ahead = workers + 2, startStep = 0 } = options;
  checkOptions(options);
  const source = await openSource<PairSource>(options.source);
  const { size } = source;
  const plan = planOf(options);
  const filler = batchFiller(source, plan); // checks noisyShare here, whoever fills
  const { length } = filler;
  if (batchSize > length)
    throw new Error(
      `batchSize: expected at most the ${length} pairs of ${source.name}, got ${batchSize}`,
    );

  const bytes = batchBytes(batchSize, size);
  const slots = Array.from({ length: ahead }, () => new SharedArrayBuffer(bytes));
  const arrays = slots.map((slot) => batchArrays(slot, batchSize, size));
  const isHere = workers === 0;
  const maker = isHere
    ? makerHere(filler, arrays)
    : startWorkers({ spec: options.source, plan, slots }, workers);
  const queue = openBatchQueue(maker, { slots: ahead, startStep, steps, aheadOfUse: !isHere });
  let waitMs = 0;

  return {
    length,
    get waitMs() {
      return waitMs;
    },
    async next() {
      const started = performance.now();
      const made = await queue.next();
      if (!made) return undefined;
      waitMs += performance.now() - started;
      const { step, slot } = made;
      const epoch = Math.floor((step * batchSize) / length);
      let lent = true;
      const release = () => {
        if (!lent)
          throw new Error(`batch ${step}: expected to be released once, got a second time`);
        lent = false;
        queue.release(slot);
      };
      return { ...(arrays[slot] as BatchArrays), step, epoch, size, release };
    },
    close: () => queue.close(),
  };
}

function checkOptions(options: PairLoaderOptions): void {
  const { batchSize, steps, views, workers = 1, ahead = workers + 2, startStep = 0 } = options;
  const whole = (name: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least)
      throw new Error(`${name}: expected a whole number of at least ${least}, got ${value}`);
  };
  whole('batchSize', batchSize, 1);
  whole('workers', workers, 0);
  whole('ahead', ahead, 1);
  whole('startStep', startStep, 0);
  whole('steps', steps, 0);
  checkViewPolicy(views);
}

function planOf(options: PairLoaderOptions): BatchPlan {
  const { batchSize, noisyShare, filter = 'none', views, seed, swap = true } = options;
  return { batchSize, noisyShare, filter, views, seed, swap };
}

/** Makes batches in this thread. */
function makerHere({ fill }: BatchFiller, arrays: readonly BatchArrays[]): BatchMaker {
  return {
    make: (step, slot) => fill(step, arrays[slot] as BatchArrays),
    close: () => Promise.resolve(),
  };
}
