import { describe, expect, onTestFinished, test } from 'vitest';
import type { NamedTensors } from '../../tree/tree.ts';
import { conv2d } from '../../kernels/conv.ts';
import { memory } from '../../memory.ts';
import {
  tf,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../../tensorflow.ts';
import type { InputSpec } from './inputs.ts';
import { openProgram } from './open-program.ts';
import type { StepFunction } from './program.ts';
import { constant } from '../recording/constants.ts';

describe('what cannot be compiled is said with its op and line', () => {
  const here = /compile-errors\.test\.ts:\d+\)$/;
  const compiling = async (
    step: StepFunction,
    state: NamedTensors = { w: tf.ones([4]) },
    inputs: Record<string, InputSpec> = { x: { shape: [4], dtype: 'float32' } },
  ) => {
    const program = await openProgram(state);
    try {
      program.compile(step, inputs);
    } catch (error) {
      return error as Error;
    } finally {
      program.close();
    }
    throw new Error('compiled');
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
      /^compile: expected the same ops and constants whenever the step/,
    );
    expect(error.message).toContain('is run, got constant and then constant');
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
      /^compile: op \w+: expected a shape that is the same in every step,/,
    );
    expect(error.message).toContain('step, got [?]; it depends on values');
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
      (await compiling((state) => ({ state: { v: state['w'] }, outputs: {} }))).message,
    ).toContain("state v: expected one of the program's entries");
  });

  test('an op the graph cannot hold', async () => {
    const complex = await compiling((_, inputs) => ({
      outputs: { y: tf.real(tf.fft(tf.complex(x(inputs), x(inputs)))) },
    }));
    expect(complex.message).toMatch(
      /^compile: op Complex: expected float32, int32 or bool values, got/,
    );
    expect(complex.message).toContain("got TensorFlow's type 8, which a step cannot hold");
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
    expect(captured.message).toMatch(/^compile: constant \[600, 600\]: expected at most 1 MiB of/);
    expect(captured.message).toContain(
      'at most 1 MiB of values made in the step or captured by it, got 1.4 MiB; ' +
        'make it an input or state, or say constant()',
    );
    expect(captured.message).toMatch(here);
    const made = await compiling((_, inputs) => ({
      outputs: {
        y: x(inputs).add(tf.tensor1d(Float32Array.from({ length: 300_000 }, (_, i) => i)).sum()),
      },
    }));
    expect(made.message).toContain('constant [300000]');
    const program = await openProgram({});
    onTestFinished(() => {
      program.close();
    });
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
    expect((await step.run({ x: new Float32Array(4) })).outputs.y.data[0]).toBe(150_000);
  });

  test('the recording leaves tfjs as it was: tensors, random numbers, eager ops', async () => {
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
