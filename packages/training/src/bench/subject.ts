import {
  disposeAll,
  openProgram,
  type EntryPoint,
  type InputSpec,
  type Precision,
  type Program,
  type ValuesOf,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { moco, resnet, type Method } from '@noisy-pairs/models';
import { openOptimizer } from '../optimizers/optimizer.ts';
import { median } from './statistics.ts';

export type SubjectMethod = keyof typeof methods;

/** Which step is timed: a method's pretraining step on a ResNet-18. */
export interface SubjectOptions {
  /** Edge of the images in pixels; up to 32 the encoder has CIFAR's stem. */
  readonly size: number;
  readonly batch: number;
  readonly method: SubjectMethod;
  readonly precision: Precision;
  readonly eager: boolean;
}

/** Methods that can be timed, with the settings of bench/moco_step.py. */
export const methods = {
  moco: (size: number): Method =>
    moco(
      resnet({
        depth: 18,
        width: 64,
        stem: size <= 32 ? 'small' : 'imagenet',
        strides: [1, 2, 2, 2],
      }),
      { dimensions: 128, hidden: 512, queueSize: 4096, momentum: 0.999, temperature: 0.2 },
    ),
} as const;

/** A step with all it needs to be run again and again. */
export interface Subject {
  readonly program: Pick<Program, 'close'>;
  readonly entry: EntryPoint<SubjectSpecs>;
  readonly inputs: ValuesOf<SubjectSpecs>;
}

/** Two views of each pair, and the optimizer's rates. */
type SubjectSpecs = {
  readonly query: InputSpec;
  readonly key: InputSpec;
  readonly rates: Readonly<Record<string, InputSpec>>;
};

/** The step without views, on random images: forward, backward, SGD, momentum encoder, queue. */
export async function openSubject({
  size,
  batch,
  method: name,
  precision,
  eager,
}: SubjectOptions): Promise<Subject> {
  const method = methods[name](size);
  const random = Random.from(0);
  const initial = method.init(random.split('method'));
  const optimizer = openOptimizer('sgd', { momentum: 0.9, weightDecay: 1e-4 });
  const state = { method: initial, optimizer: optimizer.start(initial.query) };
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(state);
  });
  const images: InputSpec<[number, number, number, 3]> = {
    shape: [batch, size, size, 3],
    dtype: 'float32',
  };
  const entry = program.compile(
    (before, { query, key, rates }) => {
      const { gradients, updates, metrics } = method.forward(before.method, {
        query,
        key,
        extras: {},
      });
      const optimized = { params: before.method.query, remembered: before.optimizer };
      const next = optimizer.apply(optimized, gradients, rates);
      return {
        state: { method: { ...updates, query: next.params }, optimizer: next.remembered },
        outputs: metrics,
      };
    },
    { query: images, key: images, rates: optimizer.rateSpecs },
  );
  const pixels = batch * size * size * 3;
  const normal = () => Float32Array.from({ length: pixels }, () => random.normal());
  const inputs = { query: normal(), key: normal(), rates: optimizer.rates(0, 0.03) };
  return { program, entry, inputs };
}

/** Steps until caches are filled and threads are warm. */
export const warmUp = 3;

/** The same, warm. */
export async function openWarmSubject(options: SubjectOptions): Promise<Subject> {
  const subject = await openSubject(options);
  await timeSteps(subject, warmUp);
  return subject;
}

/** Median milliseconds of some steps. */
export async function timeSteps({ entry, inputs }: Subject, steps: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    await entry.run(inputs);
    times.push(performance.now() - start);
  }
  return median(times);
}
