import {
  tf,
  type InputSpec,
  type InputValue,
  type NamedTensors,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@noisy-pairs/engine';
import type { PairBatch } from '@noisy-pairs/pairs';

// What the true classes of a batch's images tell of its pairs and negatives, where they are known
// of all images. The method does not see them.

/**
 * The entry of a method's state that holds its image-level queue, and the entry for its keys'
 * classes.
 */
const queueEntry = 'queue',
  classEntry = 'queueClasses';

/** The class of a queue's random start vectors, which no image has. */
const noClass = -1;

/**
 * What is kept besides the method's state: `queueClasses` [K] int32, the classes of the keys in
 * `queue`; nothing for a method without that queue. The caller's.
 */
export function startClasses(state: NamedTensors): NamedTensors {
  const queue = state[queueEntry] as Tensor2D | undefined; // [K, D]
  return queue ? { [classEntry]: tf.fill([queue.shape[0]], noClass, 'int32') } : {};
}

/** What a step takes from a batch. */
export function classSpecs(batchSize: number): Record<string, InputSpec> {
  return {
    firstClass: { shape: [batchSize], dtype: 'uint8' },
    secondClass: { shape: [batchSize], dtype: 'uint8' },
  };
}

export function classValues({
  firstClass,
  secondClass,
}: Pick<PairBatch, 'firstClass' | 'secondClass'>): Record<string, InputValue> {
  return { firstClass, secondClass };
}

/**
 * Counts what is false, against the queue as it was, and lets the keys' classes into the queue's,
 * as momentumContrast does the keys: newest first, the oldest fall out.
 * @param inputs with those of classSpecs; the first image is the query, the second the key that
 *   enters the queue
 * @returns new `queueClasses`; metrics `falsePositives`, the share of pairs of two classes, and
 *   `falseNegatives`, the mean over the first images of the share of the queue's entries that are
 *   keys of their class (random start vectors are of none). A method that takes each image as query
 *   and as key once is measured by the first alone.
 */
export function trackClasses(
  state: NamedTensors,
  inputs: NamedTensors,
): { updates: NamedTensors; metrics: NamedTensors } {
  return tf.tidy(() => {
    const [first, second] = [inputs['firstClass'], inputs['secondClass']].map((classes) =>
      (classes as Tensor).cast('int32'),
    ) as [Tensor1D, Tensor1D];
    const falsePositives = first.notEqual(second).cast('float32').mean();
    const queue = state[classEntry] as Tensor1D | undefined; // [K]
    if (!queue) return { updates: {}, metrics: { falsePositives } };
    const [count] = second.shape,
      [size] = queue.shape;
    const same = first.expandDims<Tensor2D>(1).equal(queue.expandDims<Tensor2D>(0)); // [B, K]
    return {
      updates: { [classEntry]: tf.concat([second, queue.slice([0], [size - count])]) },
      metrics: { falsePositives, falseNegatives: same.cast('float32').mean() },
    };
  });
}
