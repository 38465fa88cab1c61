import { describe, expect, test } from 'vitest';
import { tf } from '../../tensorflow.ts';
import { disposeAll, flattenTree, zipTree } from '../../tree/tree.ts';
import { openProgram } from './open-program.ts';

const start = () => ({
  query: { w: tf.tensor1d([1, 2]), 'fc.bias': tf.scalar(0) },
  key: { w: tf.tensor1d([3, 4]), 'fc.bias': tf.scalar(1) },
  steps: tf.scalar(0),
});

describe.each([{ eager: false }, { eager: true }])('a program over a tree, %o', (options) => {
  test('gives steps typed trees of state and inputs, and takes any part of the state', async () => {
    const program = await openProgram(start(), options);
    const step = program.compile(
      ({ query, key, steps }, { views, rate }) => ({
        state: {
          key: zipTree(key, query, (k, q) => k.add(q.mul(rate))),
          query: { w: query.w.add(views.first.sum(1)) },
          steps: steps.add(1),
        },
        outputs: { before: key.w.sum(), 'a/b': views.second },
      }),
      {
        views: {
          first: { shape: [2, 3], dtype: 'uint8' },
          second: { shape: [2], dtype: 'float32' },
        },
        rate: { shape: [], dtype: 'float32' },
      },
    );
    const inputs = {
      views: { first: Uint8Array.of(1, 1, 1, 2, 2, 2), second: Float32Array.of(5, 6) },
      rate: 0.5,
    };
    const { outputs } = await step.run(inputs);
    expect(outputs.before.data[0]).toBe(7);
    expect([...outputs['a/b'].data]).toEqual([5, 6]);
    const { key, steps } = await program.read('key', 'steps');
    expect([...key.w.dataSync()]).toEqual([3.5, 5]);
    expect(steps.dataSync()[0]).toBe(1);

    await program.write({ query: { w: tf.tensor1d([7, 7]) } });
    const state = await program.read();
    expect(Object.keys(flattenTree(state))).toEqual(Object.keys(flattenTree(start())));
    expect([...state.query.w.dataSync()]).toEqual([7, 7]);
    expect([...state.key.w.dataSync()]).toEqual([3.5, 5]);
    disposeAll(state);
    program.close();
  });

  test('names its entries and inputs by their paths', async () => {
    const program = await openProgram(start(), options);
    await expect(
      Promise.resolve().then(() => program.write({ query: { w: tf.scalar(0) } })),
    ).rejects.toThrow(/state query\/w: expected float32 \[2\].*, got float32 \[\]/);
    await expect(
      Promise.resolve().then(() => program.write({ query: { v: tf.scalar(0) } } as object)),
    ).rejects.toThrow("state query/v: expected one of the program's entries");
    const step = program.compile((_, { views }) => ({ outputs: { y: views.first } }), {
      views: { first: { shape: [2], dtype: 'float32' } },
    });
    await expect(step.run({ views: { first: Float32Array.of(1) } })).rejects.toThrow(
      'input views/first: expected 2 values of float32 for shape [2], got 1 of Float32Array',
    );
    await expect(step.run({ views: {} } as never)).rejects.toThrow(
      'input views/first: expected 2 values of float32 for shape [2], got none',
    );
    program.close();
  });
});
