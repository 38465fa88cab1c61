import { attribute, types } from '../attributes.ts';
import { backend, runKernel } from '../native.ts';
import { tf, type Tensor, type Tensor2D } from '../tensorflow.ts';

const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) =>
  backend.executeSingleOutput(
    'MatMul',
    [
      attribute.type('T', types.float32),
      attribute.bool('transpose_a', transposeA),
      attribute.bool('transpose_b', transposeB),
    ],
    [a, b],
  );

tf.registerKernel({
  kernelName: 'NoisyPairsLinear',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs }) => product(inputs['x'] as Tensor, inputs['w'] as Tensor, false, false),
});
tf.registerGradient({
  kernelName: 'NoisyPairsLinear',
  inputsToSave: ['x', 'w'],
  gradFunc: (dy, saved) => {
    const [x, w] = saved as [Tensor, Tensor];
    return {
      x: () => product(dy as Tensor, w, false, true),
      w: () => product(x, dy as Tensor, true, false),
    };
  },
});

/**
 * The product of a fully connected layer; unlike tf.matMul it runs in bfloat16 where that is asked
 * for.
 * @param x [N, inputs]
 * @param w [inputs, outputs]
 * @returns [N, outputs]
 * @throws if their inputs differ
 */
export function linear(x: Tensor2D, w: Tensor2D): Tensor2D {
  if (x.shape[1] !== w.shape[0])
    throw new Error(
      `linear: expected x with ${w.shape[0]} columns, as w has rows, got ${x.shape[1]}`,
    );
  return runKernel('NoisyPairsLinear', { x, w }) as Tensor2D;
}
