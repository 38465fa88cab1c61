import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, tf } from '@noisy-pairs/engine';
import { expect, test } from 'vitest';
import { loadWeights, saveWeights } from './weights.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'weights-'));
const tensors = () => ({ 'a/w': tf.tensor2d([[1.5, -2], [3e-8, 4]]), step: tf.tensor1d([7, -9], 'int32'), s: tf.scalar(0.25), none: tf.tensor1d([], 'float32') });

test('what is saved comes back: names, shapes, types, values, metadata; and no temporary file stays', async () => {
  const path = join(folder(), 'x.safetensors');
  await saveWeights(path, tensors(), { made: 'here' });
  const { tensors: back, metadata } = await loadWeights(path);
  expect(metadata).toEqual({ made: 'here' });
  for (const [name, tensor] of Object.entries(tensors())) {
    expect(back[name]?.shape).toEqual(tensor.shape);
    expect(back[name]?.dtype).toBe(tensor.dtype);
    expect(back[name]?.dataSync()).toEqual(tensor.dataSync());
  }
  expect(readdirSync(join(path, '..'))).toEqual(['x.safetensors']);
});

test('the bytes are those of the format: header length, JSON, little-endian values, aligned to 8', async () => {
  const path = join(folder(), 'x.safetensors');
  await saveWeights(path, { w: tf.tensor1d([1, 2]) });
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  expect((8 + length) % 8).toBe(0);
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({ __metadata__: {}, w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
  expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, 2]);
});

test('files that are cut off or something else are refused by name, without a leak', async () => {
  const path = join(folder(), 'x.safetensors');
  await saveWeights(path, tensors());
  truncateSync(path, readFileSync(path).length - 3);
  const before = memory().tensors;
  await expect(loadWeights(path)).rejects.toThrow(/x\.safetensors: expected \d+ bytes, got \d+: the file is cut off/);
  expect(memory().tensors).toBe(before);
  writeFileSync(path, 'hello');
  await expect(loadWeights(path)).rejects.toThrow('expected a .safetensors header, got 5 bytes without one');
  writeFileSync(path, Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('no!!')]));
  await expect(loadWeights(path)).rejects.toThrow('expected a JSON header');
});
