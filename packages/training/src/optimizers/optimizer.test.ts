import { disposeAll, openProgram, tf, type NamedTensors, type Tensor } from '@noisy-pairs/engine';
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
  const state: NamedTensors = { ...params, ...optimizer.start(params, ['w', 'b']) };
  const program = await openProgram(state, { eager }).finally(() => {
    disposeAll(state);
  });
  const scalars = Object.fromEntries(
    Object.keys(optimizer.rates(0, 0)).map((rate) => [
      rate,
      { shape: [], dtype: 'float32' as const },
    ]),
  );
  const step = program.compile(
    (s, inputs) => ({
      state: optimizer.apply(s, { w: inputs['dw'], b: inputs['db'] }, inputs),
      outputs: {},
    }),
    { dw: { shape: [2, 2], dtype: 'float32' }, db: { shape: [2], dtype: 'float32' }, ...scalars },
  );
  for (const [i, rate] of rates.entries()) {
    const { w, b } = gradientsAt(i + 1);
    await step.run({
      dw: w.dataSync<'float32'>(),
      db: b.dataSync<'float32'>(),
      ...optimizer.rates(i, rate),
    });
    disposeAll({ w, b });
  }
  const after = await program.read('w', 'b');
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

  it("LARS takes those of PixPro's lars.py around torch.optim.SGD; vectors neither decay nor adapt", async () => {
    expect(await run('lars', 0.05, [1, 1, 0.5], eager)).toEqual({
      w: close([0.496617393, -0.995256469, 1.99241035, 0.248308696]),
      b: close([-0.0341, 1.9275]),
    });
  });
});

it('LARS scales a gradient as the numeric oracle (case K) does', () => {
  const optimizer = openOptimizer('lars', { momentum: 0, weightDecay: 1e-5 });
  const rates = Object.fromEntries(
    Object.entries(optimizer.rates(0, 1)).map(([name, value]) => [name, tf.scalar(value)]),
  );
  const state = { w: tf.tensor2d([[3, 4]]) };
  const next = optimizer.apply(
    { ...state, ...optimizer.start(state, ['w']) },
    { w: tf.tensor2d([[0.6, 0.8]]) },
    rates,
  );
  // the first step's velocity is the scaled gradient
  const scaled = [...(next['velocity/w'] as Tensor).dataSync()];
  expect(scaled).toEqual([expect.closeTo(0.00299999997, 8), expect.closeTo(0.00399999996, 8)]);
  expect([...(next['w'] as Tensor).dataSync()]).toEqual([
    expect.closeTo(3 - 0.003, 6),
    expect.closeTo(4 - 0.004, 6),
  ]);
});

it('LARS leaves weights of length 0, and gradients of length 0, unscaled', () => {
  const optimizer = openOptimizer('lars', { momentum: 0, weightDecay: 0 });
  const rates = Object.fromEntries(
    Object.entries(optimizer.rates(0, 1)).map(([name, value]) => [name, tf.scalar(value)]),
  );
  const state = { zero: tf.zeros([1, 2]), still: tf.ones([1, 2]) };
  const next = optimizer.apply(
    { ...state, ...optimizer.start(state, ['zero', 'still']) },
    { zero: tf.ones([1, 2]), still: tf.zeros([1, 2]) },
    rates,
  );
  expect([...(next['zero'] as Tensor).dataSync()]).toEqual([-1, -1]);
  expect([...(next['still'] as Tensor).dataSync()]).toEqual([1, 1]);
});

it('says what it lacks', () => {
  const one = { w: tf.scalar(1) };
  const lars = openOptimizer('lars', { momentum: 0.9, weightDecay: 0 }),
    adamw = openOptimizer('adamw', { momentum: 0.9, weightDecay: 0 });
  expect(() => lars.apply(one, one, {})).toThrow(
    'lars: expected a gradient and a velocity for w, got no velocity',
  );
  expect(() =>
    adamw.apply(one, one, { weightDecay: tf.scalar(0), learningRate: tf.scalar(0) }),
  ).toThrow('adamW: expected a gradient and moments for w, got no moments');
  expect(() => adamw.start(one, ['v'])).toThrow('state: expected an entry v, got 1 others');
  expect(() => openOptimizer('lars', { momentum: 0.9, weightDecay: 0, clipNorm: 1 })).toThrow(
    'clipNorm: expected none with lars, which does not clip, got 1',
  );
});
