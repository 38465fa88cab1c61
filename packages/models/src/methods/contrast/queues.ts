import { tf, zipTree, type Tensor, type Tensor2D } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import { normal } from '../../networks/initialise.ts';

/**
 * Negatives by the queue's name: [K, D] unit rows, random at first, then keys, the newest first. A
 * queue is a shift register: the oldest rows fall out at the end, which the loss cannot tell from a
 * ring, since it does not see the order.
 */
export type Queues = Readonly<Record<string, Tensor2D>>;

/** How a queue fills. */
export interface QueueFill {
  /** K: rows, random ones at first. */
  readonly size: number;
  /** Keys that an image of a batch puts in at each step. */
  readonly keysAnImage: number;
}

/** K, and D. */
export interface QueueSize extends QueueFill {
  readonly dimensions: number;
}

export type QueueSizes<Q> = { readonly [Name in keyof Q]: QueueSize };

/** @throws naming the queue whose size is no positive whole number */
export function checkQueues(method: string, sizes: QueueSizes<Queues>): void {
  for (const [queue, { size }] of Object.entries(sizes))
    if (!Number.isInteger(size) || size < 1)
      throw new Error(`${method} ${queue} size: expected a positive whole number, got ${size}`);
}

/** Queues of random rows; the caller's. */
export function startQueues<Q extends Queues>(sizes: QueueSizes<Q>, random: Random): Q {
  const queues = Object.entries<QueueSize>(sizes).map(([queue, { size, dimensions }]) => {
    const rows = normal(random.split(queue), [size, dimensions], 1);
    return [queue, rows.div(rows.norm(2, 1, true))];
  });
  return Object.fromEntries(queues) as Q;
}

/**
 * The queues after new keys came in.
 * @param keys [rows, D] for each queue
 * @throws if they are more than a queue holds
 */
export function shiftQueues<Q extends Queues>(method: string, queues: Q, keys: Q): Q {
  return zipTree<Q>(queues, keys, (queue, rows, name) => {
    const [size = 0] = queue.shape;
    const [count = 0] = rows.shape;
    if (count > size)
      throw new Error(
        `${method}: expected at most the ${size} keys a step that ${name} holds, got ${count}`,
      );
    return tf.concat<Tensor>([rows, queue.slice([0, 0], [size - count, -1])], 0);
  });
}
