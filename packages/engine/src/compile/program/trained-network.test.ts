import { describe, expect, onTestFinished, test } from 'vitest';
import { valueAndGradients } from '../../gradients.ts';
import { disposeAll, type NamedTensors } from '../../tree/tree.ts';
import { batchNormTrain } from '../../kernels/batch-norm.ts';
import { conv2d } from '../../kernels/conv.ts';
import { momentumUpdate } from '../../kernels/in-place.ts';
import { linear } from '../../kernels/linear.ts';
import { relu } from '../../kernels/relu.ts';
import {
  tf,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../../tensorflow.ts';
import type { InputSpec } from './inputs.ts';
import { openProgram } from './open-program.ts';
import type { ProgramOptions, StepFunction } from './program.ts';
import { bf16Instructions } from '../recording/precision.ts';
import { stepProfile } from '../step-profile.ts';

const scalar: InputSpec = { shape: [], dtype: 'float32' };
const open = async (state: NamedTensors, options?: ProgramOptions) => {
  const program = await openProgram(state, options);
  onTestFinished(() => {
    program.close();
  });
  return program;
};

/** Convolution, batch norm, ReLU, linear layer, gradients, SGD with momentum. */
const network = () => {
  const normal = (seed: number, shape: number[]) => tf.randomNormal(shape, 0, 0.3, 'float32', seed);
  const params = {
    conv: normal(1, [3, 3, 3, 8]),
    gamma: tf.ones([8]),
    beta: tf.zeros([8]),
    linear: normal(2, [8, 4]),
  };
  const state: NamedTensors = {
    ...params,
    ...Object.fromEntries(
      Object.entries(params).map(([name, t]) => [`v/${name}`, tf.zerosLike(t)]),
    ),
    mean: tf.zeros([8]),
    variance: tf.ones([8]),
  };
  const step: StepFunction = (current, inputs) => {
    const names = Object.keys(params);
    const { loss, aux, gradients } = valueAndGradients(
      (p) => {
        const norm = batchNormTrain(
          conv2d(inputs['x'] as Tensor4D, p['conv'] as Tensor4D, 1),
          p['gamma'] as Tensor1D,
          p['beta'] as Tensor1D,
          {
            mean: current['mean'] as Tensor1D,
            variance: current['variance'] as Tensor1D,
            share: 0.1,
          },
        );
        const y = linear(relu(norm.y).mean<Tensor2D>([1, 2]), p['linear'] as Tensor2D);
        return {
          loss: y
            .sub(inputs['target'] as Tensor)
            .square()
            .mean<Scalar>(),
          aux: { mean: norm.mean, variance: norm.variance },
        };
      },
      Object.fromEntries(names.map((name) => [name, current[name] as Tensor])),
    );
    const next: Record<string, Tensor> = { ...aux };
    for (const name of names) {
      const moved = momentumUpdate(
        current[name] as Tensor,
        current[`v/${name}`] as Tensor,
        gradients[name] as Tensor,
        inputs['rate'] as Scalar,
        tf.scalar(0.9),
      );
      next[name] = moved.w;
      next[`v/${name}`] = moved.v;
    }
    return { state: next, outputs: { loss } };
  };
  const specs: Record<string, InputSpec> = {
    x: { shape: [4, 8, 8, 3], dtype: 'float32' },
    target: { shape: [4, 4], dtype: 'float32' },
    rate: scalar,
  };
  const wave = (count: number, phase: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.7 + phase));
  const inputs = (i: number) => ({ x: wave(4 * 8 * 8 * 3, i), target: wave(16, -i), rate: 0.05 });
  return { state, step, specs, inputs };
};

/** Losses of some steps, and the weights after them. */
async function train(options: ProgramOptions, steps: number) {
  const { state, step, specs, inputs } = network();
  const program = await open(state, options);
  const entry = program.compile(step, specs);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++)
    losses.push((await entry.run(inputs(i))).outputs['loss']?.data[0] ?? NaN);
  const read = await program.read();
  const weights = Object.fromEntries(
    Object.entries(read).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
  disposeAll(read);
  return { losses, weights, program, entry, inputs };
}

test('twenty steps compiled and eager agree', async () => {
  const compiled = await train({}, 20);
  const eager = await train({ eager: true }, 20);
  expect(compiled.losses[19]).not.toBeCloseTo(compiled.losses[0] ?? NaN, 3);
  compiled.losses.forEach((loss, i) => {
    expect(Math.abs(loss / (eager.losses[i] ?? NaN) - 1)).toBeLessThan(1e-4);
  });
  for (const [name, all] of Object.entries(eager.weights)) {
    const scale = Math.max(...all.map(Math.abs), 1e-3);
    all.forEach((value, i) => {
      expect(Math.abs((compiled.weights[name]?.[i] ?? NaN) - value) / scale, name).toBeLessThan(
        1e-4,
      );
    });
  }
});

test(
  'a thousand steps grow the resident set by less than 20 MiB',
  { timeout: 60_000 },
  async () => {
    const { entry, inputs } = await train({}, 50);
    const given = inputs(0);
    global.gc?.();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 1000; i++) await entry.run(given);
    global.gc?.();
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(20);
  },
);

test(
  'a program that is closed gives its state and its graph back',
  { timeout: 120_000 },
  async () => {
    const once = async () => {
      const { state, step, specs, inputs } = network();
      const all = { ...state, big: tf.zeros([2048, 2048]) }; // 16 MiB
      const program = await openProgram(all);
      await program.compile(step, specs).run(inputs(0));
      program.close();
      disposeAll(all);
    };
    for (let i = 0; i < 20; i++) await once();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 50; i++) await once();
    // 800 MiB passed through; what the allocators keep settles at some tens.
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(100);
  },
);

describe('bfloat16', () => {
  test("is known by the processor's flags", () => {
    expect(
      bf16Instructions('model name\t: X\nflags\t\t: fpu avx512f avx512_bf16 amx_bf16 amx_tile\n'),
    ).toBe('amx_bf16');
    expect(bf16Instructions('flags\t\t: fpu avx512f avx512_bf16\n')).toBe('avx512_bf16');
    expect(bf16Instructions('flags\t\t: fpu avx512f\n')).toBeUndefined();
    expect(bf16Instructions('')).toBeUndefined();
  });

  test('is refused in eager mode', async () => {
    await expect(openProgram({}, { eager: true, precision: 'bf16' })).rejects.toThrow(
      'precision: expected float32 in eager mode, got bf16',
    );
  });

  // Where the processor has no bfloat16, asking for it is an error instead.
  test(
    bf16Instructions() === undefined
      ? 'is refused by this processor'
      : 'convolutions run in it, within its rounding of float32; state stays float32',
    async () => {
      if (bf16Instructions() === undefined) {
        await expect(openProgram({}, { precision: 'bf16' })).rejects.toThrow(
          'precision bf16: expected a processor with AMX or AVX512-BF16',
        );
        return;
      }
      const half = await train({ precision: 'bf16' }, 20);
      const full = await train({}, 20);
      half.losses.forEach((loss, i) => {
        expect(Math.abs(loss / (full.losses[i] ?? NaN) - 1)).toBeLessThan(0.05);
      });
      expect(half.losses).not.toEqual(full.losses);
      // Values of bfloat16 end in 16 zero bits: variables do not.
      expect(
        half.weights['conv']?.some(
          (value) => new Uint16Array(Float32Array.of(value).buffer)[0] !== 0,
        ),
      ).toBe(true);
      const { statistics } = await half.entry.profile(half.inputs(0));
      expect(stepProfile(statistics).filter(({ op }) => op === 'Cast').length).toBeGreaterThan(4);
    },
  );
});

test('a profile names types of ops, their shapes and times', async () => {
  const { entry, inputs } = await train({}, 2);
  const ops = stepProfile((await entry.profile(inputs(2))).statistics);
  const convolutions = ops.filter(({ op }) => /Conv2D/.test(op));
  expect(convolutions.map(({ op }) => /BackpropFilter/.test(op))).toEqual(
    expect.arrayContaining([true, false]),
  );
  expect(convolutions.map(({ shape }) => shape.join('x'))).toEqual(
    expect.arrayContaining(['4x8x8x8', '3x3x3x8']),
  );
  expect(ops.every(({ ms }) => ms >= 0) && ops.some(({ ms }) => ms > 0)).toBe(true);
});
