import { attribute, types } from '../attributes.ts';
import { backend } from '../native.ts';
import type { Tensor } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

const float = [attribute.type('T', types.float32)];

const runRelu = defineKernel({
  name: 'NoisyPairsRelu',
  forward: ({ x }: { x: Tensor }) => [backend.executeSingleOutput('Relu', float, [x])],
  savedOutputs: [true],
  backward: ({ dy, outputs }) => ({
    x: () => backend.executeSingleOutput('ReluGrad', float, [dy, ...outputs]),
  }),
});

/** max(x, 0), with the native gradient (one op where tfjs-core takes three). */
export function relu<T extends Tensor>(x: T): T {
  const [y] = runRelu({ x }, {}) as [T];
  return y;
}
