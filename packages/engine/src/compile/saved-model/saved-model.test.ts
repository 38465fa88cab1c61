import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conv2d } from '../../kernels/conv.ts';
import { gatherRows } from '../../kernels/gather-rows.ts';
import { memory } from '../../memory.ts';
import { tf, type Tensor, type Tensor4D } from '../../tensorflow.ts';
import { relu } from '../../kernels/relu.ts';
import { writeSavedModel } from './saved-model.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'saved-model-')), 'model');
const images = { images: { shape: [null, null, null, 3], dtype: 'float32' } } as const;
const values = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i));

/**
 * Its own function: constants, padding by hand, an op of JavaScript that asks for shapes it may ask
 * for, two outputs.
 */
function network({ w, shift }: Record<string, Tensor>, { images: x }: Record<string, Tensor>) {
  const padded = tf.pad(x as Tensor4D, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const y = relu(conv2d(padded, w as Tensor4D, 2, 'valid').add<Tensor4D>(shift as Tensor));
  return { features: y, pooled: y.mean([1, 2]) };
}

test('TensorFlow loads what was saved; it computes the same for any number and size', async () => {
  const folder = place();
  const constants = {
    w: tf.tensor4d(values(9 * 3 * 5), [3, 3, 3, 5]),
    shift: tf.tensor1d([0.5, -0.5, 0, 1, -1]),
  };
  const before = memory().tensors;
  await writeSavedModel(folder, network, constants, images);
  expect(memory().tensors).toBe(before);
  expect(readdirSync(folder)).toEqual(['saved_model.pb', 'variables']);
  expect(readdirSync(join(folder, '..'))).toEqual(['model']);

  const model = await tf.node.loadSavedModel(folder);
  try {
    for (const shape of [
      [1, 8, 8, 3],
      [3, 9, 14, 3],
      [2, 1, 5, 3],
    ] as [number, number, number, number][]) {
      const x = tf.tensor4d(values(shape.reduce((a, b) => a * b)), shape);
      const expected = network(constants, { images: x });
      const got = model.predict({ images: x }) as unknown as Record<'features' | 'pooled', Tensor>;
      for (const name of ['features', 'pooled'] as const) {
        expect(got[name].shape, name).toEqual(expected[name].shape);
        expect(Math.max(...tf.sub(got[name], expected[name]).abs().dataSync()), name).toBeLessThan(
          1e-5,
        );
      }
    }
  } finally {
    model.dispose();
  }
});

test('the signature says which sides are open, in the terms of TensorFlow', async () => {
  const folder = place();
  await writeSavedModel(
    folder,
    network,
    { w: tf.ones([3, 3, 3, 5]), shift: tf.zeros([5]) },
    images,
  );
  const [graph] = await tf.node.getMetaGraphsFromSavedModel(folder);
  expect(graph?.tags).toEqual(['serve']);
  const { inputs, outputs } = graph?.signatureDefs['serving_default'] ?? {
    inputs: {},
    outputs: {},
  };
  const shapes = (of: typeof inputs) =>
    Object.entries(of).map(([name, { tfDtype, shape }]) => [
      name,
      tfDtype,
      (shape as unknown as { getSize(): number }[]).map((side) => side.getSize()),
    ]);
  expect(shapes(inputs)).toEqual([['images', 'DT_FLOAT', [-1, -1, -1, 3]]]);
  expect(shapes(outputs)).toEqual([
    ['features', 'DT_FLOAT', [-1, -1, -1, 5]],
    ['pooled', 'DT_FLOAT', [-1, 5]],
  ]);
});

test('a constant of more than a MiB, int32 and given sides', async () => {
  const folder = place();
  const table = tf.tensor2d(values(700 * 700), [700, 700]);
  await writeSavedModel(
    folder,
    ({ table: t }, { rows }) => ({ row: gatherRows(t, rows) }),
    { table },
    { rows: { shape: [2], dtype: 'int32' } },
  );
  const model = await tf.node.loadSavedModel(folder);
  const { row } = model.predict({ rows: tf.tensor1d([699, 3], 'int32') }) as unknown as {
    row: Tensor;
  };
  model.dispose();
  expect(row.dataSync()).toEqual(table.gather([699, 3]).dataSync());
});

test('a function whose ops depend on an open side is refused, and leaves nothing', async () => {
  const folder = place();
  const flat = (_: unknown, { images: x }: Record<string, Tensor>) => ({
    flat: (x as Tensor).reshape([-1, (x?.shape[1] ?? 0) * 3]),
  });
  await expect(writeSavedModel(folder, flat, {}, images)).rejects.toThrow(
    new RegExp(
      '^compile: expected the same ops and constants whatever lengths open sides have, ' +
        'got .*saved-model\\.test\\.ts:\\d+\\)$',
    ),
  );
  expect(readdirSync(join(folder, '..'))).toEqual([]);
  // The same with that side given.
  await writeSavedModel(folder, flat, {}, { images: { shape: [null, 4, 6, 3], dtype: 'float32' } });
  expect(existsSync(join(folder, 'saved_model.pb'))).toBe(true);
});

test('a SavedModel is replaced; a file, or a folder of something else, is not', async () => {
  const folder = place();
  const constant = (value: number) =>
    writeSavedModel(
      folder,
      ({ c }, { x }) => ({ y: (x as Tensor).add(c as Tensor) }),
      { c: tf.scalar(value) },
      { x: { shape: [null], dtype: 'float32' } },
    );
  mkdirSync(folder);
  await constant(1);
  await constant(2);
  const model = await tf.node.loadSavedModel(folder);
  expect(
    (model.predict({ x: tf.tensor1d([10, 20]) }) as unknown as { y: Tensor }).y.dataSync(),
  ).toEqual(Float32Array.of(12, 22));
  model.dispose();
  writeFileSync(join(folder, 'thesis.tex'), '');
  await expect(constant(3)).rejects.toThrow(
    `${folder}: expected a SavedModel or an empty folder to replace, got one with thesis.tex`,
  );
  expect(readdirSync(folder)).toContain('thesis.tex');
  const file = `${folder}.txt`;
  writeFileSync(file, '');
  await expect(writeSavedModel(file, network, {}, images)).rejects.toThrow(
    `${file}: expected a folder, got a file`,
  );
});
