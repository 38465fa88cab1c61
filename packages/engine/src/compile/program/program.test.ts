import { describe, expect, onTestFinished, test } from 'vitest';
import type { NamedTensors } from '../../tree/tree.ts';
import { momentumUpdate, movingAverage } from '../../kernels/in-place.ts';
import { memory } from '../../memory.ts';
import { tf, type Scalar, type Tensor } from '../../tensorflow.ts';
import type { InputSpec } from './inputs.ts';
import { openProgram } from './open-program.ts';
import type { Program, ProgramOptions } from './program.ts';

const scalar: InputSpec = { shape: [], dtype: 'float32' };
const vector: InputSpec = { shape: [3], dtype: 'float32' };
const open = async (state: NamedTensors, options?: ProgramOptions) => {
  const program = await openProgram(state, options);
  onTestFinished(() => {
    program.close();
  });
  return program;
};
const values = async (program: Program, name: string) => {
  const { [name]: tensor } = await program.read(name);
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
        const sums = (state['sums'] as Tensor).add(inputs['x']);
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
          state: { w: (state['w'] as Tensor).sub(inputs['rate']) },
          outputs: {},
        }),
        { rate: scalar },
      );
      await train.run({ rate: 0.5 });
      const look = program.compile(
        (state) => ({ outputs: { sum: (state['w'] as Tensor).sum() } }),
        {},
      );
      expect((await look.run({})).outputs.sum.data[0]).toBe(4.5);
      await program.write({ w: tf.tensor1d([5, 5, 5]) });
      await train.run({ rate: 1 });
      expect((await look.run({})).outputs.sum.data[0]).toBe(12);
      await expect(async () => program.write({ w: tf.tensor1d([1]) })).rejects.toThrow(
        /state w: expected float32 \[3\].*, got float32 \[1\]/,
      );
      await expect(async () => program.read('v')).rejects.toThrow(
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
      expect(outputs.old.data[0]).toBe(120);
      expect(outputs.moved.data[0]).toBe(-0.5);
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
    expect((await running).outputs.half.data).toEqual(Float32Array.of(0, 0.5, 127, 127.5));
  });

  test('inputs are checked against what was declared, and runs must not overlap', async () => {
    const program = await open({ w: tf.scalar(0) }, options);
    const step = program.compile((_, inputs) => ({ outputs: { y: inputs['x'] } }), {
      x: vector,
    });
    await expect(step.run({} as never)).rejects.toThrow(
      'input x: expected 3 values of float32 for shape [3], got none',
    );
    await expect(step.run({ x: Float32Array.of(1, 2) })).rejects.toThrow('got 2 of Float32Array');
    await expect(step.run({ x: Int32Array.of(1, 2, 3) })).rejects.toThrow('got 3 of Int32Array');
    await expect(step.run({ x: 1 })).rejects.toThrow('got a number');
    const more = { x: Float32Array.of(1, 2, 3), y: 1 };
    await expect(step.run(more)).rejects.toThrow('input y: expected only x, got it besides');
    const first = step.run({ x: Float32Array.of(1, 2, 3) });
    await expect(step.run({ x: Float32Array.of(1, 2, 3) })).rejects.toThrow(
      'expected one run at a time, got another while one is under way; await it first',
    );
    expect((await first).outputs.y.data).toEqual(Float32Array.of(1, 2, 3));
  });

  test("keeps no tensors of tfjs beyond an eager program's state", async () => {
    const before = memory().tensors;
    const program = await openProgram({ w: tf.tidy(() => tf.keep(tf.ones([4]))) }, options);
    const step = program.compile(
      (state) => ({
        state: { w: state['w'].mul(2) },
        outputs: { sum: state['w'].sum() },
      }),
      {},
    );
    for (let i = 0; i < 5; i++) await step.run({});
    expect(memory().tensors).toBe(before + 1 + (options.eager ? 1 : 0)); // the start is ours
    program.close();
    expect(memory().tensors).toBe(before + 1);
  });
});

test('ones and zeros of any size are filled in the graph, not held as constants', async () => {
  const program = await openProgram({});
  const entry = program.compile(
    (_, { x }) => ({
      outputs: {
        y: tf
          .ones([1024, 1024])
          .mul(x)
          .add(tf.zeros([1024, 1024]))
          .sum(),
      },
    }),
    { x: { shape: [], dtype: 'float32' } },
  );
  expect((await entry.run({ x: 3 })).outputs.y.data).toEqual(new Float32Array([3 * 2 ** 20]));
  program.close();
});
