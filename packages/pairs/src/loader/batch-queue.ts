import type { BatchMaker } from './worker-pool.ts';

/** A batch, and the slot that holds it. */
interface MadeBatch {
  readonly step: number;
  readonly slot: number;
}

/** Batches in the order of their steps, each in a slot that is lent until it is released. */
export interface BatchQueue {
  /**
   * The next batch, once it is made; undefined at the end.
   * @throws what its making died of; if the queue was closed, or all slots are lent
   */
  next(): Promise<MadeBatch | undefined>;
  /** Gives a slot back to be filled again. */
  release(slot: number): void;
  /** Closes the maker too. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Slots, and so batches that may be ready, in the making or lent at once. */
  readonly slots: number;
  readonly startStep: number;
  /** The step before which to end. */
  readonly steps: number;
  /** Whether slots are filled as soon as they are free; otherwise when a batch is asked for. */
  readonly aheadOfUse: boolean;
}

export function openBatchQueue(
  maker: BatchMaker,
  { slots, startStep, steps, aheadOfUse }: QueueOptions,
): BatchQueue {
  const free = Array.from({ length: slots }, (_, slot) => slot);
  const making: (MadeBatch & { readonly done: Promise<void> })[] = [];
  let upcoming = startStep;
  let closed = false;
  const startMaking = (limit: number) => {
    while (!closed && upcoming < steps && making.length < limit && free.length > 0) {
      const slot = free.shift() as number;
      const done = maker.make(upcoming, slot);
      done.catch(() => undefined); // reported by next()
      making.push({ step: upcoming++, slot, done });
    }
  };
  if (aheadOfUse) startMaking(slots);

  return {
    async next() {
      if (closed) throw new Error('loader: expected an open one, got one that was closed');
      startMaking(aheadOfUse ? slots : 1);
      const batch = making.shift();
      if (!batch) {
        if (upcoming < steps)
          throw new Error(`loader: expected a released batch, got none: all ${slots} are lent`);
        return undefined;
      }
      await batch.done;
      return batch;
    },
    release(slot) {
      free.push(slot);
      if (aheadOfUse) startMaking(slots);
    },
    async close() {
      closed = true;
      await maker.close();
    },
  };
}
