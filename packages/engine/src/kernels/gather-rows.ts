import { attribute, types } from '../attributes.ts';
import { backend } from '../native.ts';
import { tf, type Tensor1D, type Tensor2D } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

const runGatherRows = defineKernel({
  name: 'NoisyPairsGatherRows',
  forward: ({ x, rows }: { x: Tensor2D; rows: Tensor1D }) => {
    const attributes = [
      attribute.type('Tparams', types.float32),
      attribute.type('Tindices', types.int32),
      attribute.type('Taxis', types.int32),
    ];
    const axis = tf.scalar(0, 'int32');
    return [backend.executeSingleOutput('GatherV2', attributes, [x, rows, axis])];
  },
  savedInputs: ['x', 'rows'],
  backward: ({ dy, inputs: { x, rows } }) => ({
    // A row that was taken twice gets the sum of both.
    x() {
      const attributes = [
        attribute.type('T', types.float32),
        attribute.type('Tindices', types.int32),
        attribute.type('Tnumsegments', types.int32),
      ];
      const count = tf.scalar(x.shape[0], 'int32');
      return backend.executeSingleOutput('UnsortedSegmentSum', attributes, [dy, rows, count]);
    },
    rows: () => tf.zeros(rows.shape), // of float32, as tfjs asks of every gradient
  }),
});

/**
 * Rows by their numbers, as tf.gather, which reads the numbers back and so cannot be compiled.
 * @param x [N, D] float32
 * @param rows [M] int32 in 0..N-1
 * @returns [M, D]
 * @throws if the numbers are not int32; the native library throws on one outside 0..N-1.
 */
export function gatherRows(x: Tensor2D, rows: Tensor1D): Tensor2D {
  if (rows.dtype !== 'int32')
    throw new Error(`gatherRows: expected int32 numbers of rows, got ${rows.dtype}`);
  return tf.tidy(() => {
    const [y] = runGatherRows({ x, rows }, {}) as [Tensor2D];
    return y;
  });
}
