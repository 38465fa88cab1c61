import { attribute, types } from '../attributes.ts';
import { backend, runKernel } from '../native.ts';
import { tf, type Tensor, type Tensor1D, type Tensor2D } from '../tensorflow.ts';

tf.registerKernel({
  kernelName: 'NoisyPairsGatherRows',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs }) =>
    backend.executeSingleOutput(
      'GatherV2',
      [
        attribute.type('Tparams', types.float32),
        attribute.type('Tindices', types.int32),
        attribute.type('Taxis', types.int32),
      ],
      [inputs['x'] as Tensor, inputs['rows'] as Tensor, tf.scalar(0, 'int32')],
    ),
});
tf.registerGradient({
  kernelName: 'NoisyPairsGatherRows',
  inputsToSave: ['x', 'rows'],
  gradFunc: (dy, saved) => {
    const [x, rows] = saved as [Tensor2D, Tensor1D];
    return {
      // A row that was taken twice gets the sum of both.
      x: () =>
        backend.executeSingleOutput(
          'UnsortedSegmentSum',
          [
            attribute.type('T', types.float32),
            attribute.type('Tindices', types.int32),
            attribute.type('Tnumsegments', types.int32),
          ],
          [dy as Tensor, rows, tf.scalar(x.shape[0], 'int32')],
        ),
      rows: () => tf.zeros(rows.shape), // of float32, as tfjs asks of every gradient
    };
  },
});

/**
 * Rows by their numbers, as tf.gather, which reads the numbers back and so cannot be compiled.
 * @param x [N, D] float32 @param rows [M] int32 in 0..N-1 @returns [M, D]
 * @throws if the numbers are not int32; the native library throws on one outside 0..N-1.
 */
export function gatherRows(x: Tensor2D, rows: Tensor1D): Tensor2D {
  if (rows.dtype !== 'int32')
    throw new Error(`gatherRows: expected int32 numbers of rows, got ${rows.dtype}`);
  return tf.tidy(() => runKernel('NoisyPairsGatherRows', { x, rows }) as Tensor2D);
}
