import { afterEach, describe, expect, test } from 'vitest';
import { batchNormTrain } from '../kernels/batch-norm.ts';
import { conv2d } from '../kernels/conv.ts';
import { disposeAll, valueAndGradients, type NamedTensors } from '../gradients.ts';
import { adamUpdate, momentumUpdate, movingAverage } from '../kernels/in-place.ts';
import { linear } from '../kernels/linear.ts';
import { memory } from '../memory.ts';
import { relu } from '../kernels/relu.ts';
import {
  tf,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../tensorflow.ts';
import type { InputSpec } from './host-tensor.ts';
import { bf16Instructions } from './recording/precision.ts';
import { openProgram } from './open-program.ts';
import type { Program, ProgramOptions, StepFunction } from './program.ts';
import { constant } from './recording/recording.ts';
import { stepProfile } from './step-profile.ts';

const scalar: InputSpec = { shape: [], dtype: 'float32' };
const vector: InputSpec = { shape: [3], dtype: 'float32' };
const opened: Program[] = [];
const open = async (state: NamedTensors, options?: ProgramOptions) => {
  const program = await openProgram(state, options);
  opened.push(program);
  return program;
};
afterEach(() => {
  for (const program of opened.splice(0)) program.close();
});
const values = async (program: Program, name: string) => {
  const { [name]: tensor } = await program.read([name]);
  return [...(tensor?.dataSync() ?? [])];
};

describe.each([{ eager: false }, { eager: true }])('a program, %o', (options) => {
  test('computes what the function computes, and keeps its state from step to step', async () => {
    const program = await open(
      {
        count: tf.scalar(1),
        sums: tf.tensor1d([0, 0, 0]),
        flags: tf.tensor1d([true, false], 'bool'),
        ids: tf.scalar(7, 'int32'),
      },
      options,
    );
    const step = program.compile(
      (state, inputs) => {
        const sums = (state['sums'] as Tensor).add(inputs['x'] as Tensor);
        return {
          state: { count: (state['count'] as Tensor).mul(2), sums },
          outputs: {
            sums,
            before: state['count'] as Tensor,
            twice: (state['ids'] as Tensor).mul(tf.scalar(2, 'int32')),
          },
        };
      },
      { x: vector },
    );
    await step.run({ x: Float32Array.of(1, 2, 3) });
    const { outputs, started, ended } = await step.run({ x: Float32Array.of(10, 20, 30) });
    expect(outputs).toEqual({
      sums: { shape: [3], dtype: 'float32', data: Float32Array.of(11, 22, 33) },
      before: { shape: [], dtype: 'float32', data: Float32Array.of(2) },
      twice: { shape: [], dtype: 'int32', data: Int32Array.of(14) },
    });
    expect(ended).toBeGreaterThan(started);
    expect(await values(program, 'count')).toEqual([4]);
    expect(await values(program, 'flags')).toEqual([1, 0]);
  });

  test(
    'several functions share the state, added at any time; written state is what the next step ' +
      'sees',
    async () => {
      const program = await open({ w: tf.tensor1d([1, 2, 3]) }, options);
      const train = program.compile(
        (state, inputs) => ({
          state: { w: (state['w'] as Tensor).sub(inputs['rate'] as Tensor) },
          outputs: {},
        }),
        { rate: scalar },
      );
      await train.run({ rate: 0.5 });
      const look = program.compile(
        (state) => ({ outputs: { sum: (state['w'] as Tensor).sum() } }),
        {},
      );
      expect((await look.run({})).outputs['sum']?.data[0]).toBe(4.5);
      await program.write({ w: tf.tensor1d([5, 5, 5]) });
      await train.run({ rate: 1 });
      expect((await look.run({})).outputs['sum']?.data[0]).toBe(12);
      await expect(async () => program.write({ w: tf.tensor1d([1]) })).rejects.toThrow(
        /state w: expected float32 \[3\].*, got float32 \[1\]/,
      );
      await expect(async () => program.read(['v'])).rejects.toThrow(
        "state v: expected one of the program's entries, got another name",
      );
    },
  );

  test(
    'entries exchange their values, and what was read of an entry before its update is its old ' +
      'value',
    async () => {
      const program = await open({ a: tf.scalar(1), b: tf.scalar(2), v: tf.scalar(0) }, options);
      const step = program.compile((state) => {
        const [a, b, v] = [state['a'], state['b'], state['v']] as [Scalar, Scalar, Scalar];
        // b becomes 1, v falls by a half
        const moved = momentumUpdate(v, b, tf.scalar(1), tf.scalar(0.5), tf.scalar(0));
        return {
          state: { a: b, b: moved.v, v: moved.w },
          outputs: { old: a.mul(100).add(b.mul(10)).add(v), moved: moved.w },
        };
      }, {});
      const { outputs } = await step.run({});
      expect(outputs['old']?.data[0]).toBe(120);
      expect(outputs['moved']?.data[0]).toBe(-0.5);
      expect(
        [await values(program, 'a'), await values(program, 'b'), await values(program, 'v')].flat(),
      ).toEqual([2, 1, -0.5]);
    },
  );

  test('two entries that started as one tensor go their own ways', async () => {
    const one = tf.tensor1d([1, 1]);
    const program = await open({ query: one, key: one.clone() }, options);
    const step = program.compile(
      (state) => ({
        state: {
          query: (state['query'] as Tensor).add(1),
          key: movingAverage(state['key'] as Tensor, state['query'] as Tensor, 0.5),
        },
        outputs: {},
      }),
      {},
    );
    for (let i = 0; i < 3; i++) await step.run({});
    expect(await values(program, 'query')).toEqual([4, 4]);
    expect(await values(program, 'key')).toEqual([2.25, 2.25]); // 1, 1.5, 2.25: halfway to 1, 2, 3
  });

  test('bytes go in as float32 of 0 to 255', async () => {
    const program = await open({}, options);
    const step = program.compile(
      (_, inputs) => ({ outputs: { half: (inputs['image'] as Tensor).mul(0.5) } }),
      { image: { shape: [2, 2], dtype: 'uint8' } },
    );
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    shared.set([0, 1, 254, 255]);
    const running = step.run({ image: shared });
    shared.fill(9); // free for other use at once
    expect((await running).outputs['half']?.data).toEqual(Float32Array.of(0, 0.5, 127, 127.5));
  });

  test('inputs are checked against what was declared, and runs must not overlap', async () => {
    const program = await open({ w: tf.scalar(0) }, options);
    const step = program.compile((_, inputs) => ({ outputs: { y: inputs['x'] as Tensor } }), {
      x: vector,
    });
    await expect(step.run({})).rejects.toThrow(
      'input x: expected 3 values of float32 for shape [3], got none',
    );
    await expect(step.run({ x: Float32Array.of(1, 2) })).rejects.toThrow('got 2 of Float32Array');
    await expect(step.run({ x: Int32Array.of(1, 2, 3) })).rejects.toThrow('got 3 of Int32Array');
    await expect(step.run({ x: 1 })).rejects.toThrow('got a number');
    await expect(step.run({ x: Float32Array.of(1, 2, 3), y: 1 })).rejects.toThrow(
      'input y: expected only x, got it besides',
    );
    const first = step.run({ x: Float32Array.of(1, 2, 3) });
    await expect(step.run({ x: Float32Array.of(1, 2, 3) })).rejects.toThrow(
      'expected one run at a time, got another while one is under way; await it first',
    );
    expect((await first).outputs['y']?.data).toEqual(Float32Array.of(1, 2, 3));
  });

  test("keeps no tensors of tfjs beyond an eager program's state", async () => {
    const before = memory().tensors;
    const program = await openProgram({ w: tf.tidy(() => tf.keep(tf.ones([4]))) }, options);
    const step = program.compile(
      (state) => ({
        state: { w: (state['w'] as Tensor).mul(2) },
        outputs: { sum: (state['w'] as Tensor).sum() },
      }),
      {},
    );
    for (let i = 0; i < 5; i++) await step.run({});
    expect(memory().tensors).toBe(before + 1 + (options.eager ? 1 : 0)); // the start is ours
    program.close();
    expect(memory().tensors).toBe(before + 1);
  });
});

describe('updates in place', () => {
  /** The same steps both ways, and their final state. */
  async function both(
    state: () => NamedTensors,
    step: StepFunction,
    inputs: Record<string, number>,
    steps = 3,
  ) {
    const results: Record<string, number[]>[] = [];
    for (const eager of [false, true]) {
      const program = await open(state(), { eager });
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
        const m = b1 * (expected.m[j] ?? NaN) + (1 - b1) * g,
          v = b2 * (expected.v[j] ?? NaN) + (1 - b2) * g * g;
        expected.m[j] = m;
        expected.v[j] = v;
        expected.w[j] = w - (rate * m) / (1 - b1 ** t) / (Math.sqrt(v / (1 - b2 ** t)) + epsilon);
      });
    }
    const results = await both(
      () => ({ w: tf.tensor1d([1, -2]), m: tf.zeros([2]), v: tf.zeros([2]), t: tf.scalar(0) }),
      (state, { learningRate, beta1, beta2, epsilon: e }) => {
        const w = state['w'] as Tensor1D,
          t = (state['t'] as Scalar).add<Scalar>(1);
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
});

describe('what cannot be compiled is said with its op and line', () => {
  const here = /program\.test\.ts:\d+\)$/;
  const compiling = async (
    step: StepFunction,
    state: NamedTensors = { w: tf.ones([4]) },
    inputs: Record<string, InputSpec> = { x: { shape: [4], dtype: 'float32' } },
  ) => {
    const program = await open(state);
    return (() => {
      try {
        program.compile(step, inputs);
      } catch (error) {
        return error as Error;
      }
      throw new Error('compiled');
    })();
  };
  const x = (inputs: NamedTensors) => inputs['x'] as Tensor1D;

  test.each<[string, StepFunction]>([
    ['dataSync', (_, inputs) => ({ outputs: { y: x(inputs).mul(x(inputs).dataSync()[0] ?? 0) } })],
    ['arraySync', (_, inputs) => ({ outputs: { y: tf.tensor(x(inputs).add(1).arraySync()) } })],
    [
      'data',
      (_, inputs) => {
        void x(inputs).data();
        return { outputs: { y: x(inputs) } };
      },
    ],
    [
      'print',
      (_, inputs) => {
        x(inputs).print();
        return { outputs: {} };
      },
    ],
  ])('reading a value: %s', async (_, step) => {
    const error = await compiling(step);
    expect(error.message).toMatch(/^compile: reading a tensor/);
    expect(error.message).toMatch(here);
  });

  test.each<[string, StepFunction]>([
    [
      'randomNormal',
      (_, inputs) => ({ outputs: { y: x(inputs).add(tf.randomNormal([4], 0, 1, 'float32', 3)) } }),
    ],
    ['dropout', (_, inputs) => ({ outputs: { y: tf.dropout(x(inputs), 0.5, undefined, 1) } })],
    ['Math.random', (_, inputs) => ({ outputs: { y: x(inputs).mul(Math.random()) } })],
  ])('random numbers of JavaScript: %s', async (name, step) => {
    const error = await compiling(step);
    expect(error.message).toContain(`${name}: expected no random`);
    expect(error.message).toMatch(here);
  });

  test('anything else that differs from one run of the function to the next', async () => {
    let calls = 0;
    const error = await compiling((_, inputs) => ({ outputs: { y: x(inputs).mul(++calls) } }));
    expect(error.message).toMatch(
      /^compile: expected the same ops and constants whenever the step is run, got constant and then constant/,
    );
    expect(error.message).toMatch(here);
    calls = 0;
    expect(
      (
        await compiling((_, inputs) => ({
          outputs: { y: calls++ === 0 ? x(inputs).exp() : x(inputs).log() },
        }))
      ).message,
    ).toMatch(/got Exp and then Log/);
  });

  test('a shape that depends on values', async () => {
    const error = await compiling((_, inputs) => ({ outputs: { y: tf.unique(x(inputs)).values } }));
    expect(error.message).toMatch(
      /^compile: op \w+: expected a shape that is the same in every step, got \[\?\]; it depends on values/,
    );
    expect(error.message).toMatch(here);
  });

  test('state that changes its shape or type', async () => {
    expect(
      (
        await compiling((state) => ({
          state: { w: tf.concat([state['w'] as Tensor1D, tf.zeros<Rank.R1>([1])]) },
          outputs: {},
        }))
      ).message,
    ).toContain('state w: expected float32 [4] after the step as before it, got float32 [5]');
    expect(
      (
        await compiling((state) => ({
          state: { w: (state['w'] as Tensor).cast('int32') },
          outputs: {},
        }))
      ).message,
    ).toContain('got int32 [4]');
    expect(
      (await compiling((state) => ({ state: { v: state['w'] as Tensor }, outputs: {} }))).message,
    ).toContain("state v: expected one of the program's entries");
  });

  test('an op the graph cannot hold', async () => {
    const complex = await compiling((_, inputs) => ({
      outputs: { y: tf.real(tf.fft(tf.complex(x(inputs), x(inputs)))) },
    }));
    expect(complex.message).toMatch(
      /^compile: op Complex: expected float32, int32 or bool values, got TensorFlow's type 8, which a step cannot hold/,
    );
    expect(complex.message).toMatch(here);
  });

  test("an op whose inputs do not fit: TensorFlow's own message", async () => {
    const error = await compiling((_, inputs) => ({
      outputs: {
        y: conv2d(x(inputs).reshape<Tensor4D>([1, 2, 2, 1]), tf.ones([5, 5, 1, 1]), 1, 'valid'),
      },
    }));
    expect(error.message).toMatch(/^compile: op Conv2D: .*negative dimension size/i);
    expect(error.message).toMatch(here);
  });

  test('a large constant made or captured by accident, unless it is meant', async () => {
    const big = tf.range(0, 360_000).reshape<Tensor2D>([600, 600]);
    const captured = await compiling((_, inputs) => ({ outputs: { y: x(inputs).add(big.sum()) } }));
    expect(captured.message).toMatch(
      /^compile: constant \[600, 600\]: expected at most 1 MiB of values made in the step or captured by it, got 1\.4 MiB; make it an input or state, or say constant\(\)/,
    );
    expect(captured.message).toMatch(here);
    const made = await compiling((_, inputs) => ({
      outputs: {
        y: x(inputs).add(tf.tensor1d(Float32Array.from({ length: 300_000 }, (_, i) => i)).sum()),
      },
    }));
    expect(made.message).toContain('constant [300000]');
    const program = await open({});
    const step = program.compile(
      (_, inputs) => ({
        outputs: {
          y: x(inputs).add(
            constant(() =>
              tf.tensor1d(Float32Array.from({ length: 300_000 }, (_, i) => i % 2)),
            ).sum(),
          ),
        },
      }),
      { x: { shape: [4], dtype: 'float32' } },
    );
    expect((await step.run({ x: new Float32Array(4) })).outputs['y']?.data[0]).toBe(150_000);
  });

  test('and the recording leaves tfjs as it was: tensors, random numbers, the eager ops after it', async () => {
    const kept = tf.tensor1d([1, 2, 3, 4]);
    const before = memory().tensors;
    const program = await openProgram({ w: kept });
    expect(() =>
      program.compile(
        (state, inputs) => ({
          outputs: {
            y: kept
              .add(state['w'] as Tensor)
              .mul(x(inputs))
              .dataSync()[0] as never,
          },
        }),
        { x: { shape: [4], dtype: 'float32' } },
      ),
    ).toThrow('reading a tensor');
    program.close();
    expect(memory().tensors).toBe(before);
    expect(Math.random()).toBeLessThan(1);
    expect([
      ...tf.tidy(() => kept.add(tf.randomNormal([4], 0, 0, 'float32', 1))).dataSync(),
    ]).toEqual([1, 2, 3, 4]);
  });
});

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
  const compiled = await train({}, 20),
    eager = await train({ eager: true }, 20);
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

test('ones and zeros of any size are filled in the graph, not held as constants', async () => {
  const program = await openProgram({});
  const entry = program.compile(
    (_, { x }) => ({
      outputs: {
        y: tf
          .ones([1024, 1024])
          .mul(x as Scalar)
          .add(tf.zeros([1024, 1024]))
          .sum(),
      },
    }),
    { x: { shape: [], dtype: 'float32' } },
  );
  expect((await entry.run({ x: 3 })).outputs['y']?.data).toEqual(new Float32Array([3 * 2 ** 20]));
  program.close();
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
      const half = await train({ precision: 'bf16' }, 20),
        full = await train({}, 20);
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
      expect(stepProfile(statistics).filter(({ kind }) => kind === 'Cast').length).toBeGreaterThan(
        4,
      );
    },
  );
});

test('a profile names kinds of ops, their shapes and times', async () => {
  const { entry, inputs } = await train({}, 2);
  const ops = stepProfile((await entry.profile(inputs(2))).statistics);
  const convolutions = ops.filter(({ kind }) => /Conv2D/.test(kind));
  expect(convolutions.map(({ kind }) => /BackpropFilter/.test(kind))).toEqual(
    expect.arrayContaining([true, false]),
  );
  expect(convolutions.map(({ shape }) => shape.join('x'))).toEqual(
    expect.arrayContaining(['4x8x8x8', '3x3x3x8']),
  );
  expect(ops.every(({ ms }) => ms >= 0) && ops.some(({ ms }) => ms > 0)).toBe(true);
});
