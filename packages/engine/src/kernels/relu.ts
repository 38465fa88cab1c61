import { attribute, types } from '../attributes.ts';
import { backend, runKernel } from '../native.ts';
import { tf, type Tensor } from '../tensorflow.ts';

tf.registerKernel({
  kernelName: 'NoisyPairsRelu',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs }) =>
    backend.executeSingleOutput(
      'Relu',
      [attribute.type('T', types.float32)],
      [inputs['x'] as Tensor],
    ),
});
tf.registerGradient({
  kernelName: 'NoisyPairsRelu',
  outputsToSave: [true],
  gradFunc: (dy, saved) => ({
    x: () =>
      backend.executeSingleOutput(
        'ReluGrad',
        [attribute.type('T', types.float32)],
        [dy as Tensor, saved[0] as Tensor],
      ),
  }),
});

/** max(x, 0), with the native gradient (one op where tfjs-core takes three). */
export function relu<T extends Tensor>(x: T): T {
  return runKernel('NoisyPairsRelu', { x }) as T;
}
