import { attribute, types } from '../attributes.ts';
import { backend } from '../native.ts';
import type { Tensor, Tensor2D } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

/** The product of two matrices, each transposed first or not. */
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

const runLinear = defineKernel({
  name: 'NoisyPairsLinear',
  forward: ({ x, w }: { x: Tensor; w: Tensor }) => [product(x, w, false, false)],
  savedInputs: ['x', 'w'],
  backward: ({ dy, inputs: { x, w } }) => ({
    x: () => product(dy, w, false, true),
    w: () => product(x, dy, true, false),
  }),
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
  const [y] = runLinear({ x, w }, {}) as [Tensor2D];
  return y;
}
