import {
  tf,
  type InputSpec,
  type Scalar,
  type Tensor1D,
  type TensorsOf,
} from '@noisy-pairs/engine';
import type { Method, MethodState } from '@noisy-pairs/models';
import type { PairBatch } from '@noisy-pairs/pairs';

// What the true classes of a batch's images tell of its pairs and negatives, where they are known
// of all images. The method does not see them.

/** [K] int32, the classes of the keys in a method's queue of whole images; none without one. */
export type ClassState = { readonly queueClasses?: Tensor1D };

/** The true classes of a batch's images, [B] each; the first is the query. */
export type ClassSpecs = {
  readonly firstClass: InputSpec<[batch: number]>;
  readonly secondClass: InputSpec<[batch: number]>;
};

/** The class of a queue's random start vectors, which no image has. */
const noClass = -1;

/** The state beside the method's, before the first step; the caller's. */
export function startClasses({ imageQueue }: Method, { queues }: MethodState): ClassState {
  const queue = imageQueue === undefined ? undefined : queues?.[imageQueue]; // [K, D]
  return queue ? { queueClasses: tf.fill([queue.shape[0]], noClass, 'int32') } : {};
}

/** Declarations of a batch's classes. */
export function classSpecs(batchSize: number): ClassSpecs {
  return {
    firstClass: { shape: [batchSize], dtype: 'uint8' },
    secondClass: { shape: [batchSize], dtype: 'uint8' },
  };
}

/** Values for classSpecs. */
export function classValues({
  firstClass,
  secondClass,
}: Pick<PairBatch, 'firstClass' | 'secondClass'>) {
  return { firstClass, secondClass };
}

/** Metrics of a batch's classes, 0..1. */
export type ClassMetrics = {
  /** The share of pairs of two classes. */
  readonly falsePositives: Scalar;
  /**
   * The mean over the first images of the share of the queue's entries that are keys of their class
   * (random start vectors are of none).
   */
  readonly falseNegatives?: Scalar;
};

/**
 * Counts what is false, against the queue as it was, and lets the keys' classes into the queue's,
 * as shiftQueues does the keys: newest first, the oldest fall out. The second image is the key that
 * enters the queue; a method that takes each image as query and as key once is measured by the
 * first alone.
 */
export function trackClasses(
  { queueClasses: queue }: ClassState,
  { firstClass, secondClass }: TensorsOf<ClassSpecs>,
): { updates: ClassState; metrics: ClassMetrics } {
  return tf.tidy<{ updates: ClassState; metrics: ClassMetrics }>(() => {
    const first = firstClass.cast<Tensor1D>('int32');
    const second = secondClass.cast<Tensor1D>('int32');
    const falsePositives = first.notEqual(second).cast('float32').mean<Scalar>();
    if (!queue) return { updates: {}, metrics: { falsePositives } };
    const [count] = second.shape;
    const [size] = queue.shape; // K
    const same = first.expandDims(1).equal(queue.expandDims(0)); // [B, K]
    return {
      updates: { queueClasses: tf.concat([second, queue.slice([0], [size - count])]) },
      metrics: { falsePositives, falseNegatives: same.cast('float32').mean() },
    };
  });
}
