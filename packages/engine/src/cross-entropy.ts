import { attribute, backend, runKernel } from './native.ts';
import { tf, type Tensor, type Tensor1D, type Tensor2D } from './tensorflow.ts';

tf.registerKernel({
  kernelName: 'NoisyPairsCrossEntropy',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs }) =>
    backend.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [attribute.type('T', 'float32'), attribute.type('Tlabels', 'int32')],
      [inputs['logits'] as Tensor, inputs['labels'] as Tensor],
      2,
    ),
});
tf.registerGradient({
  kernelName: 'NoisyPairsCrossEntropy',
  inputsToSave: ['labels'],
  outputsToSave: [false, true],
  gradFunc: (dys, saved) => {
    const [labels, slope] = saved as [Tensor, Tensor];
    return { logits: () => ((dys as Tensor[])[0] as Tensor).expandDims(1).mul(slope), labels: () => tf.zerosLike(labels) };
  },
});

/**
 * Cross entropy of each row, -log softmax(logits)[label], native forward and backward.
 * @param logits [N, C] float32 @param labels [N] int32 in 0..C-1
 * @returns [N]
 * @throws if the labels are not int32 or not as many as the rows; the native library throws on a label outside 0..C-1.
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  if (labels.dtype !== 'int32') throw new Error(`softmaxCrossEntropy: expected int32 labels, got ${labels.dtype}`);
  if (labels.size !== logits.shape[0]) throw new Error(`softmaxCrossEntropy: expected ${logits.shape[0]} labels, one a row, got ${labels.size}`);
  return tf.tidy(() => (runKernel('NoisyPairsCrossEntropy', { logits, labels }) as Tensor[])[0] as Tensor1D);
}
