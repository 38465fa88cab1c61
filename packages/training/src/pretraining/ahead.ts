import type { PairBatch, PairLoader } from '@noisy-pairs/pairs';
import { now } from '../run-folder/step-clock.ts';

/** A batch, and when it was there, on the clock that steps are timed by. */
export interface ReadyBatch extends PairBatch {
  readonly ready: number;
}

/**
 * A loader's batches to the end, each asked for when the one before is released: released as soon
 * as a step has taken its inputs, the next one is made while the step runs.
 * @throws what the loader throws, when the batch is awaited
 */
export async function* ahead(loader: PairLoader): AsyncGenerator<ReadyBatch, void, void> {
  let upcoming: Promise<Made> | undefined = ask(loader);
  while (upcoming) {
    const { batch, ready } = await upcoming;
    if (!batch) return;
    upcoming = undefined;
    const release = () => {
      batch.release();
      upcoming = ask(loader);
    };
    yield { ...batch, ready, release };
  }
  throw new Error('loader: expected a batch to be released before the next is asked for');
}

interface Made {
  readonly batch: PairBatch | undefined;
  readonly ready: number;
}

function ask(loader: PairLoader): Promise<Made> {
  const made = loader.next().then((batch) => ({ batch, ready: now() }));
  made.catch(() => undefined); // reported when it is awaited, if it ever is
  return made;
}
