import { disposeAll, flattenTree, openProgram, type Precision } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import {
  denseCl,
  moco,
  pixContrast,
  pixPro,
  resnet,
  vader,
  type Method,
} from '@noisy-pairs/models';
import { drawView, type ViewBatch } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { openOptimizer } from '../optimizers/optimizer.ts';
import { openStep } from './step.ts';

const { method: small, views, normalise, batchSize } = smallRun('');
const edge = 16;

const encoder = resnet({ depth: 10, width: 8, stem: 'small', strides: [2, 2] });
const settings = { dimensions: 16, hidden: 16, queueSize: 64, momentum: 0.9, temperature: 0.5 };
const methods: Readonly<Record<string, Method>> = {
  densecl: denseCl(encoder, { ...settings, instanceWeight: 0.5 }),
  pixcontrast: pixContrast(encoder, { ...settings, instanceWeight: 0.5, distance: 0.7 }),
  pixpro: pixPro(encoder, { ...settings, instanceWeight: 0.5, distance: 0.7 }),
  'pixpro without images': pixPro(encoder, { ...settings, instanceWeight: 0, distance: 0.7 }),
  vader: vader(encoder, { ...settings, instanceWeight: 0.5, points: 4 }),
  'moco with groups of batch norm': moco(
    resnet({ depth: 10, width: 8, stem: 'small', strides: [2, 2], batchNormGroups: 4 }),
    settings,
  ),
  'moco with RINCE': moco(encoder, { ...settings, robust: { q: 0.5, lambda: 0.025 } }),
};

function drawViews(random: Random): ViewBatch {
  const floats = (width: number) => new Float32Array(batchSize * width);
  const batch = {
    boxes: floats(4),
    turns: floats(1),
    flips: floats(2),
    colour: floats(4),
    grey: floats(1),
    sigma: floats(1),
  };
  for (let row = 0; row < batchSize; row++) drawView(random, views, batch, row);
  return batch;
}

interface Steps {
  losses: number[];
  metrics: Record<string, number>;
  state: Record<string, ArrayLike<number>>;
}

/**
 * Steps on the same batches, views included: the losses, the last step's metrics, and the state at
 * the end.
 */
async function run(
  method: Method,
  name: 'sgd' | 'lars',
  steps: number,
  { eager = false, precision = 'float32' }: { eager?: boolean; precision?: Precision } = {},
): Promise<Steps> {
  const optimizer = openOptimizer(name, { momentum: 0.9, weightDecay: 1e-4 });
  const step = openStep({
    method,
    views,
    normalise,
    optimizer,
    batchSize,
    size: edge,
    classesKnown: false,
  });
  const state = step.start(method.init(Random.from(1)));
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(state);
  });
  const entry = program.compile(step.apply, step.specs);
  const losses: number[] = [];
  let metrics: Record<string, number> = {};
  for (let i = 0; i < steps; i++) {
    const random = Random.from(`step ${i}`);
    const images = Uint8Array.from({ length: batchSize * edge * edge * 3 }, () => random.int(256));
    const batch = {
      first: images,
      second: images,
      size: edge,
      firstViews: drawViews(random.split('first')),
      secondViews: drawViews(random.split('second')),
      firstClass: new Uint8Array(batchSize),
      secondClass: new Uint8Array(batchSize),
    };
    const at = { done: i, progress: i / steps, learningRate: 0.02, random: random.split('extras') };
    const { outputs } = await entry.run(step.values(batch, at));
    losses.push(outputs['loss']?.data[0] as number);
    metrics = Object.fromEntries(
      Object.entries(outputs).map(([key, value]) => [key, value.data[0] as number]),
    );
  }
  const after = await program.read();
  program.close();
  const values = Object.fromEntries(
    Object.entries(flattenTree(after)).map(([key, tensor]) => [key, tensor.dataSync()]),
  );
  disposeAll(after);
  return { losses, metrics, state: values };
}

/** Largest distance of an entry of the state from the other's, in units of its norm. */
function expectAlike(one: Steps, other: Steps, tolerance: number): void {
  one.losses.forEach((loss, i) => {
    expect(Math.abs(loss / (other.losses[i] ?? NaN) - 1), `loss of step ${i + 1}`).toBeLessThan(
      tolerance,
    );
  });
  expect(Object.keys(one.state)).toEqual(Object.keys(other.state));
  for (const [key, values] of Object.entries(one.state)) {
    const others = other.state[key] ?? [];
    const norm = (f: (i: number) => number) =>
      Math.hypot(...Array.from({ length: values.length }, (_, i) => f(i)));
    expect(
      norm((i) => (values[i] ?? NaN) - (others[i] ?? NaN)),
      key,
    ).toBeLessThan(tolerance * norm((i) => others[i] ?? NaN) + 1e-6);
  }
}

it.each(['sgd', 'lars'] as const)(
  'twenty pretraining steps by %s, compiled and eager, agree to 1e-4 in loss and every entry ' +
    'of the state',
  { timeout: 60_000 },
  async (name) => {
    const compiled = await run(small, name, 20);
    expect(new Set(compiled.losses).size).toBe(20);
    expectAlike(compiled, await run(small, name, 20, { eager: true }), 1e-4);
  },
);

it.each(Object.keys(methods))(
  'six steps of %s, compiled and eager, agree to 1e-4; in bfloat16 the loss is the same to 0.03',
  { timeout: 60_000 },
  async (name) => {
    const method = methods[name] as Method;
    const compiled = await run(method, 'sgd', 6),
      eager = await run(method, 'sgd', 6, { eager: true });
    expectAlike(compiled, eager, 1e-4);
    for (const [metric, value] of Object.entries(compiled.metrics))
      expect(value, metric).toBeCloseTo(eager.metrics[metric] ?? NaN, 3);
    // random embeddings have not collapsed
    expect(compiled.metrics['featureStd']).toBeGreaterThan(0.05);
    expect(compiled.metrics['featureStd']).toBeLessThan(1.3);
    const half = await run(method, 'sgd', 6, { precision: 'bf16' });
    half.losses.forEach((loss, i) => {
      expect(Math.abs(loss - (compiled.losses[i] ?? NaN)), `loss of step ${i + 1}`).toBeLessThan(
        0.03,
      );
    });
    expect(half.losses).not.toEqual(compiled.losses);
  },
);
