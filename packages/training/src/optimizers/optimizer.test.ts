import { disposeAll, openProgram, tf, type NamedTensors } from '@noisy-pairs/engine';
import { describe, expect, it } from 'vitest';
import { openOptimizer, type OptimizerName } from './optimizer.ts';

const start = () => ({
  w: tf.tensor2d([
    [0.5, -1],
    [2, 0.25],
  ]),
  b: tf.tensor1d([0.1, -0.2]),
});
const gradientsAt = (t: number) => ({
  w: tf.tensor2d([
    [0.1 * t, -0.2],
    [0.3, 0.05 * t],
  ]),
  b: tf.tensor1d([0.02 * t, -0.5]),
});

/** Three steps from `start`, rate by rate; the gradients are inputs. */
async function run(
  name: OptimizerName,
  weightDecay: number,
  rates: readonly number[],
  eager: boolean,
): Promise<Record<string, number[]>> {
  const optimizer = openOptimizer(name, { momentum: 0.9, weightDecay });
  const params = start();
  const state = { params, remembered: optimizer.start(params) };
  const program = await openProgram(state, { eager }).finally(() => {
    disposeAll(state);
  });
  const step = program.compile(
    (before, { gradients, rates: scalars }) => ({
      state: optimizer.apply(before, gradients, scalars),
      outputs: {},
    }),
    {
      gradients: {
        w: { shape: [2, 2], dtype: 'float32' },
        b: { shape: [2], dtype: 'float32' },
      },
      rates: optimizer.rateSpecs,
    },
  );
  for (const [i, rate] of rates.entries()) {
    const { w, b } = gradientsAt(i + 1);
    await step.run({
      gradients: { w: w.dataSync<'float32'>(), b: b.dataSync<'float32'>() },
      rates: optimizer.rates(i, rate),
    });
    disposeAll({ w, b });
  }
  const { params: after } = await program.read('params');
  program.close();
  const values = Object.fromEntries(
    Object.entries(after).map(([key, tensor]) => [key, [...tensor.dataSync()]]),
  );
  disposeAll(after);
  return values;
}

const close = (values: readonly number[]) =>
  values.map((value) => expect.closeTo(value, 5) as number);

describe.each([
  ['compiled', false],
  ['eager', true],
] as const)('%s', (_, eager) => {
  it("AdamW takes torch.optim.AdamW's steps", async () => {
    expect(await run('adamw', 0.05, [0.1, 0.1, 0.02], eager)).toEqual({
      w: close([0.279535296, -0.769734486, 1.758769457, 0.032276569]),
      b: close([-0.116078627, 0.021493501]),
    });
  });

  it("LARS takes PixPro's (lars.py and torch's SGD); vectors neither decay nor adapt", async () => {
    expect(await run('lars', 0.05, [1, 1, 0.5], eager)).toEqual({
      w: close([0.496617393, -0.995256469, 1.99241035, 0.248308696]),
      b: close([-0.0341, 1.9275]),
    });
  });
});

const scalarsOf = (rates: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, tf.scalar(value)]));

it('LARS scales a gradient as the numeric oracle (case K) does', () => {
  const optimizer = openOptimizer('lars', { momentum: 0, weightDecay: 1e-5 });
  const params = { w: tf.tensor2d([[3, 4]]) };
  const next = optimizer.apply(
    { params, remembered: optimizer.start(params) },
    { w: tf.tensor2d([[0.6, 0.8]]) },
    scalarsOf(optimizer.rates(0, 1)),
  );
  // the first step's velocity is the scaled gradient
  const scaled = [...(next.remembered['velocity']?.w.dataSync() ?? [])];
  expect(scaled).toEqual([expect.closeTo(0.00299999997, 8), expect.closeTo(0.00399999996, 8)]);
  expect([...next.params.w.dataSync()]).toEqual([
    expect.closeTo(3 - 0.003, 6),
    expect.closeTo(4 - 0.004, 6),
  ]);
});

it('LARS leaves weights of length 0, and gradients of length 0, unscaled', () => {
  const optimizer = openOptimizer('lars', { momentum: 0, weightDecay: 0 });
  const params = { zero: tf.zeros([1, 2]), still: tf.ones([1, 2]) };
  const next = optimizer.apply(
    { params, remembered: optimizer.start(params) },
    { zero: tf.ones([1, 2]), still: tf.zeros([1, 2]) },
    scalarsOf(optimizer.rates(0, 1)),
  );
  expect([...next.params.zero.dataSync()]).toEqual([-1, -1]);
  expect([...next.params.still.dataSync()]).toEqual([1, 1]);
});

it('says what it lacks', () => {
  const settings = { momentum: 0.9, weightDecay: 0 };
  const params: NamedTensors = { w: tf.scalar(1) };
  const lars = openOptimizer('lars', settings);
  const adamw = openOptimizer('adamw', settings);
  expect(() => lars.apply({ params, remembered: { velocity: {} } }, params, {})).toThrow(
    'lars: expected a gradient and a velocity for w, got no velocity',
  );
  const rates = { weightDecay: tf.scalar(0), learningRate: tf.scalar(0) };
  const none = { moment1: {}, moment2: {} };
  expect(() => adamw.apply({ params, remembered: none }, params, rates)).toThrow(
    'adamW: expected a gradient and moments for w, got no moments',
  );
  expect(() => adamw.apply({ params, remembered: {} }, params, rates)).toThrow(
    'adamw: expected moment1 of the parameters, got none',
  );
  expect(() => openOptimizer('lars', { ...settings, clipNorm: 1 })).toThrow(
    'clipNorm: expected none with lars, which does not clip, got 1',
  );
});
