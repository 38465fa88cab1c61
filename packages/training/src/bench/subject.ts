import {
  disposeAll,
  openProgram,
  type EntryPoint,
  type InputSpec,
  type InputValue,
  type NamedTensors,
  type Precision,
  type Program,
  type StepFunction,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { moco, resnet, type Method } from '@noisy-pairs/models';
import { openOptimizer } from '../optimizers/optimizer.ts';

/** What is timed: a method's pretraining step on a ResNet-18. */
export interface SubjectOptions {
  /** Edge of the images in pixels; up to 32 the encoder has CIFAR's stem. */
  readonly size: number;
  readonly batch: number;
  readonly method: keyof typeof methods;
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

export interface Subject {
  readonly program: Program;
  readonly entry: EntryPoint;
  readonly inputs: Readonly<Record<string, InputValue>>;
}

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
  const state: NamedTensors = { ...initial, ...optimizer.start(initial, method.trainable) };
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(state);
  });
  const step: StepFunction = (current, inputs) => {
    const { gradients, updates, metrics } = method.forward(current, {
      query: inputs['query'] as Tensor4D,
      key: inputs['key'] as Tensor4D,
    });
    return {
      state: { ...updates, ...optimizer.apply(current, gradients, inputs) },
      outputs: metrics,
    };
  };
  const images: InputSpec = { shape: [batch, size, size, 3], dtype: 'float32' },
    scalar: InputSpec = { shape: [], dtype: 'float32' };
  const entry = program.compile(step, {
    query: images,
    key: images,
    learningRate: scalar,
    momentum: scalar,
    weightDecay: scalar,
  });
  const normal = () =>
    Float32Array.from({ length: batch * size * size * 3 }, () => random.normal());
  return {
    program,
    entry,
    inputs: { query: normal(), key: normal(), ...optimizer.rates(0, 0.03) },
  };
}
