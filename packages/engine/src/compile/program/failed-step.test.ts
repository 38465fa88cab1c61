import { expect, test } from 'vitest';
import { gatherRows } from '../../kernels/gather-rows.ts';
import { momentumUpdate } from '../../kernels/in-place.ts';
import { memory } from '../../memory.ts';
import { tf, type Rank, type Scalar } from '../../tensorflow.ts';
import { openProgram } from './open-program.ts';

/** A step that updates w and v, and fails where a row is asked for that there is not. */
async function stepping(eager: boolean) {
  const program = await openProgram(
    { w: tf.scalar(1), v: tf.scalar(0), n: tf.scalar(0) },
    { eager },
  );
  const step = program.compile(
    ({ w, v, n }, { rows }) => {
      const moved = momentumUpdate<Scalar>(w, v, tf.scalar(1), tf.scalar(0.5), tf.scalar(0));
      const taken = gatherRows(tf.tensor2d([[1], [2]]), rows);
      const count = n.add<Scalar>(taken.sum().mul(0).add(1));
      return { state: { w: moved.w, v: moved.v, n: count }, outputs: { taken } };
    },
    { rows: { shape: [1], dtype: 'int32' } },
  );
  return { program, step };
}
const outOfRange = { rows: Int32Array.of(7) };

test('an eager program is as it was before a step that failed, and goes on', async () => {
  const { program, step } = await stepping(true);
  await step.run({ rows: Int32Array.of(1) });
  const before = memory().tensors;
  await expect(step.run(outOfRange)).rejects.toThrow(/7 is not in \[0, 2\)/);
  expect(memory().tensors).toBe(before);
  const { w, v, n } = await program.read();
  expect([w, v, n].map((tensor) => tensor.dataSync()[0])).toEqual([0.5, 1, 1]);
  const { outputs } = await step.run({ rows: Int32Array.of(0) });
  expect(outputs.taken.data).toEqual(Float32Array.of(1));
  program.close();
});

test('a compiled program refuses to go on after a step that failed', async () => {
  const { program, step } = await stepping(false);
  await step.run({ rows: Int32Array.of(1) });
  // What is refused before it runs leaves the state as it was.
  await expect(step.run({ rows: Int32Array.of(1, 2) })).rejects.toThrow('input rows: expected 1 ');
  expect((await program.read('n')).n.dataSync()[0]).toBe(1);
  await expect(step.run(outOfRange)).rejects.toThrow(/7 is not in \[0, 2\)/);
  const refusal =
    /^program: expected a whole state, got one .* 7 is not in \[0, 2\).*; open a new one$/;
  await expect(step.run({ rows: Int32Array.of(1) })).rejects.toThrow(refusal);
  await expect(program.read()).rejects.toThrow(refusal);
  await expect(program.write({ n: tf.scalar(3) })).rejects.toThrow(refusal);
  program.close();
});

test.each([true, false])('of entries to write, all are set or none; eager: %s', async (eager) => {
  const { program } = await stepping(eager);
  const entries = { n: tf.scalar(9), v: tf.tensor<Rank.R0>([1, 1]) };
  await expect((async () => program.write(entries))()).rejects.toThrow(
    'state v: expected float32 []',
  );
  expect((await program.read('n')).n.dataSync()[0]).toBe(0);
  program.close();
});
