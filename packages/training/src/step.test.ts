import { disposeAll, openProgram, under, type InputSpec, type InputValue, type NamedTensors } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { drawView, type ViewBatch } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { smallRun } from '../fixtures/run.mjs';
import { openOptimizer } from './optimizer.ts';
import { pretrainStep } from './step.ts';
import { viewSpecs, viewValues } from './views.ts';

const { method, views, normalise, batchSize } = smallRun('');
const edge = 16;

function drawViews(random: Random): ViewBatch {
  const floats = (width: number) => new Float32Array(batchSize * width);
  const batch = { boxes: floats(4), turns: floats(1), flips: floats(2), colour: floats(4), grey: floats(1), sigma: floats(1) };
  for (let row = 0; row < batchSize; row++) drawView(random, views, batch, row);
  return batch;
}

/** Twenty steps on the same batches, views included: the losses, and the state at the end. */
async function twenty(name: 'sgd' | 'lars', eager: boolean): Promise<{ losses: number[]; state: Record<string, ArrayLike<number>> }> {
  const optimizer = openOptimizer(name, { momentum: 0.9, weightDecay: 1e-4 });
  const initial = method.init(Random.from(1));
  const state: NamedTensors = { ...initial, ...optimizer.start(initial, method.trainable) };
  const program = await openProgram(state, { eager }).finally(() => { disposeAll(state); });
  const scalar: InputSpec = { shape: [], dtype: 'float32' };
  const specs = viewSpecs(batchSize, edge);
  const step = program.compile(pretrainStep(method, views, normalise, optimizer), { ...under('first', specs), ...under('second', specs), ...Object.fromEntries(Object.keys(optimizer.rates(0, 0)).map((rate) => [rate, scalar])) });
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) {
    const random = Random.from(`step ${i}`);
    const images = Uint8Array.from({ length: batchSize * edge * edge * 3 }, () => random.int(256));
    const inputs: Record<string, InputValue> = { ...optimizer.rates(i, 0.02) };
    for (const side of ['first', 'second']) Object.assign(inputs, under(side, { ...viewValues(images, edge, drawViews(random.split(side))) }));
    const { outputs } = await step.run(inputs);
    losses.push(outputs['loss']?.data[0] as number);
  }
  const after = await program.read();
  program.close();
  const values = Object.fromEntries(Object.entries(after).map(([key, tensor]) => [key, tensor.dataSync()]));
  disposeAll(after);
  return { losses, state: values };
}

it.each(['sgd', 'lars'] as const)('twenty pretraining steps by %s, compiled and eager, agree to 1e-4 in loss and every entry of the state', { timeout: 60_000 }, async (name) => {
  const compiled = await twenty(name, false), eager = await twenty(name, true);
  expect(new Set(compiled.losses).size).toBe(20);
  compiled.losses.forEach((loss, i) => { expect(Math.abs(loss / (eager.losses[i] ?? NaN) - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4); });
  expect(Object.keys(compiled.state)).toEqual(Object.keys(eager.state));
  for (const [key, values] of Object.entries(compiled.state)) {
    const others = eager.state[key] ?? [];
    const norm = (f: (i: number) => number) => Math.hypot(...Array.from({ length: values.length }, (_, i) => f(i)));
    expect(norm((i) => (values[i] ?? NaN) - (others[i] ?? NaN)), key).toBeLessThan(1e-4 * norm((i) => others[i] ?? NaN) + 1e-7);
  }
});
