import { attribute, types } from '../attributes.ts';
import { backend } from '../native.ts';
import { tf, type Tensor, type Tensor1D, type Tensor2D } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

const runCrossEntropy = defineKernel({
  name: 'NoisyPairsCrossEntropy',
  forward: ({ logits, labels }: { logits: Tensor2D; labels: Tensor1D }) =>
    backend.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [attribute.type('T', types.float32), attribute.type('Tlabels', types.int32)],
      [logits, labels],
      2,
    ),
  savedInputs: ['labels'],
  savedOutputs: [false, true],
  backward({ dy, inputs: { labels }, outputs }) {
    const [slope] = outputs as [Tensor2D];
    return {
      logits: () => dy.expandDims(1).mul(slope),
      labels: () => tf.zerosLike(labels),
    };
  },
});

/**
 * Cross entropy of each row, -log softmax(logits)[label], native forward and backward.
 * @param logits [N, C] float32
 * @param labels [N] int32 in 0..C-1
 * @returns [N]
 * @throws if the labels are not int32 or not as many as the rows; the native library throws on a
 *   label outside 0..C-1.
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  if (labels.dtype !== 'int32')
    throw new Error(`softmaxCrossEntropy: expected int32 labels, got ${labels.dtype}`);
  if (labels.size !== logits.shape[0])
    throw new Error(
      `softmaxCrossEntropy: expected ${logits.shape[0]} labels, one a row, got ${labels.size}`,
    );
  return tf.tidy(() => {
    const [losses] = runCrossEntropy({ logits, labels }, {}) as [Tensor1D];
    return losses;
  });
}

/**
 * Cross entropy of each column, -log softmax(logits[:, n])[label n]: for few classes and many
 * columns (pixels), where the native op, made for long rows, takes ten times as long.
 * @param logits [C, N] float32
 * @param labels [N] int32 in 0..C-1
 * @returns [N]
 */
export function softmaxCrossEntropyPlanes(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  if (labels.dtype !== 'int32')
    throw new Error(`softmaxCrossEntropyPlanes: expected int32 labels, got ${labels.dtype}`);
  if (labels.size !== logits.shape[1])
    throw new Error(
      `softmaxCrossEntropyPlanes: expected ${logits.shape[1]} labels, one a column, got ` +
        `${labels.size}`,
    );
  const losses = tf.customGrad((given, save) => {
    const x = given as Tensor2D;
    const [classes] = x.shape;
    const shifted = x.sub(x.max(0, true)); // [C, N], at most 0
    const exponentials = shifted.exp();
    const sums = exponentials.sum(0, true); // [1, N]
    const truth = labels
      .expandDims(0)
      .equal(tf.range(0, classes, 1, 'int32').expandDims(1))
      .cast('float32'); // [C, N]
    (save as (tensors: Tensor[]) => void)([exponentials.div(sums).sub(truth)]);
    return {
      value: sums.squeeze([0]).log().sub<Tensor1D>(shifted.mul(truth).sum(0)),
      gradFunc: (dy, saved) => (saved[0] as Tensor).mul(dy),
    };
  });
  return tf.tidy(() => losses(logits) as Tensor1D);
}
