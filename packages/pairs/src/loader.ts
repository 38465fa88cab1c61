import { batchArrays, batchBytes, type BatchArrays } from './batch-buffer.ts';
import { batchFiller, type BatchPlan } from './fill-batch.ts';
import type { PairFilter } from './sample-stream.ts';
import { openSource, type PairSource, type SourceSpec } from './source.ts';
import { checkViewPolicy, type ViewPolicy } from './view-policy.ts';
import { startWorkers } from './worker-pool.ts';

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

/** How a slot's batch comes to be: in this thread or in a worker. */
export interface BatchMaker {
  make(step: number, slot: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a source and makes its batches ahead of their use.
 * @throws if an option is out of range, or the source cannot be opened.
 */
export async function openPairLoader(options: PairLoaderOptions): Promise<PairLoader> {
  const {
    batchSize,
    steps,
    views,
    seed,
    workers = 1,
    ahead = workers + 2,
    startStep = 0,
  } = options;
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
  const source = await openSource<PairSource>(options.source);
  const { size } = source;
  const plan: BatchPlan = {
    batchSize,
    noisyShare: options.noisyShare,
    filter: options.filter ?? 'none',
    views,
    seed,
    swap: options.swap ?? true,
  };
  const { length, fill } = batchFiller(source, plan); // checks noisyShare here, whoever fills
  if (batchSize > length)
    throw new Error(
      `batchSize: expected at most the ${length} pairs of ${source.name}, got ${batchSize}`,
    );

  const slots = Array.from(
    { length: ahead },
    () => new SharedArrayBuffer(batchBytes(batchSize, size)),
  );
  const arrays = slots.map((slot) => batchArrays(slot, batchSize, size));
  const maker: BatchMaker =
    workers === 0
      ? {
          make: (step, slot) => fill(step, arrays[slot] as BatchArrays),
          close: () => Promise.resolve(),
        }
      : startWorkers({ spec: options.source, plan, slots }, workers);

  const free = slots.map((_, slot) => slot);
  const making: { step: number; slot: number; done: Promise<void> }[] = [];
  let upcoming = startStep;
  let waitMs = 0;
  let closed = false;
  const startMaking = (limit: number) => {
    while (!closed && upcoming < steps && making.length < limit && free.length > 0) {
      const slot = free.shift() as number;
      const done = maker.make(upcoming, slot);
      done.catch(() => undefined); // reported by next()
      making.push({ step: upcoming++, slot, done });
    }
  };
  if (workers > 0) startMaking(ahead);

  return {
    length,
    get waitMs() {
      return waitMs;
    },
    async next() {
      if (closed) throw new Error('loader: expected an open one, got one that was closed');
      const started = performance.now();
      startMaking(workers > 0 ? ahead : 1);
      const batch = making.shift();
      if (!batch) {
        if (upcoming < steps)
          throw new Error(`loader: expected a released batch, got none: all ${ahead} are lent`);
        return undefined;
      }
      await batch.done;
      waitMs += performance.now() - started;
      let lent = true;
      return {
        ...(arrays[batch.slot] as BatchArrays),
        step: batch.step,
        epoch: Math.floor((batch.step * batchSize) / length),
        size,
        release() {
          if (!lent)
            throw new Error(`batch ${batch.step}: expected to be released once, got a second time`);
          lent = false;
          free.push(batch.slot);
          if (workers > 0) startMaking(ahead);
        },
      };
    },
    async close() {
      closed = true;
      await maker.close();
    },
  };
}
