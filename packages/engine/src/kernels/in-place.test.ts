import { expect, onTestFinished, test } from 'vitest';
import type { InputSpec } from '../compile/program/inputs.ts';
import { openProgram } from '../compile/program/open-program.ts';
import type { StepFunction } from '../compile/program/program.ts';
import type { NamedTensors } from '../tree/tree.ts';
import { tf, type Scalar, type Tensor, type Tensor1D } from '../tensorflow.ts';
import { adamUpdate, momentumUpdate } from './in-place.ts';

const scalar: InputSpec = { shape: [], dtype: 'float32' };

/** The same steps both ways, and their final state. */
async function both(
  state: () => NamedTensors,
  step: StepFunction,
  inputs: Record<string, number>,
  steps = 3,
) {
  const results: Record<string, number[]>[] = [];
  for (const eager of [false, true]) {
    const program = await openProgram(state(), { eager });
    onTestFinished(() => {
      program.close();
    });
    const entry = program.compile(
      step,
      Object.fromEntries(Object.keys(inputs).map((name) => [name, scalar])),
    );
    for (let i = 0; i < steps; i++) await entry.run(inputs);
    const read = await program.read();
    results.push(
      Object.fromEntries(
        Object.entries(read).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
      ),
    );
  }
  return results as [Record<string, number[]>, Record<string, number[]>];
}
const gradient = (w: Tensor) => w.mul(0.5).add<Tensor1D>(1);

test("momentum is torch's: v <- mu v + g, w <- w - lr v", async () => {
  const expected = { w: [1, -2], v: [0, 0] };
  for (let i = 0; i < 3; i++) {
    expected.v = expected.v.map((v, j) => 0.9 * v + 0.5 * (expected.w[j] ?? NaN) + 1);
    expected.w = expected.w.map((w, j) => w - 0.1 * (expected.v[j] ?? NaN));
  }
  const results = await both(
    () => ({ w: tf.tensor1d([1, -2]), v: tf.zeros([2]) }),
    (state, rates) => {
      const w = state['w'] as Tensor1D;
      return {
        state: {
          ...momentumUpdate(
            w,
            state['v'] as Tensor1D,
            gradient(w),
            rates['lr'] as Scalar,
            rates['mu'] as Scalar,
          ),
        },
        outputs: {},
      };
    },
    { lr: 0.1, mu: 0.9 },
  );
  for (const result of results)
    for (const name of ['w', 'v'] as const)
      result[name]?.forEach((x, j) => {
        expect(x, name).toBeCloseTo(expected[name][j] ?? NaN, 5);
      });
});

test("Adam is the paper's", async () => {
  const [rate, b1, b2, epsilon] = [0.1, 0.9, 0.99, 1e-3];
  const expected = { w: [1, -2], m: [0, 0], v: [0, 0] };
  for (let t = 1; t <= 3; t++) {
    expected.w.forEach((w, j) => {
      const g = 0.5 * w + 1;
      const m = b1 * (expected.m[j] ?? NaN) + (1 - b1) * g;
      const v = b2 * (expected.v[j] ?? NaN) + (1 - b2) * g * g;
      expected.m[j] = m;
      expected.v[j] = v;
      expected.w[j] = w - (rate * m) / (1 - b1 ** t) / (Math.sqrt(v / (1 - b2 ** t)) + epsilon);
    });
  }
  const results = await both(
    () => ({ w: tf.tensor1d([1, -2]), m: tf.zeros([2]), v: tf.zeros([2]), t: tf.scalar(0) }),
    (state, { learningRate, beta1, beta2, epsilon: e }) => {
      const w = state['w'] as Tensor1D;
      const t = (state['t'] as Scalar).add<Scalar>(1);
      const rates = {
        learningRate,
        beta1,
        beta2,
        epsilon: e,
        beta1Power: tf.pow<Scalar>(beta1 as Scalar, t),
        beta2Power: tf.pow<Scalar>(beta2 as Scalar, t),
      } as Parameters<typeof adamUpdate>[4];
      return {
        state: {
          ...adamUpdate(w, state['m'] as Tensor1D, state['v'] as Tensor1D, gradient(w), rates),
          t,
        },
        outputs: {},
      };
    },
    { learningRate: rate, beta1: b1, beta2: b2, epsilon },
  );
  for (const result of results)
    for (const name of ['w', 'm', 'v'] as const)
      result[name]?.forEach((x, j) => {
        expect(x, name).toBeCloseTo(expected[name][j] ?? NaN, 5);
      });
});
