import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCifar10PairSource } from './pairs.ts';
import { readCifar10 } from './reader.ts';

const RECORD = 3073;
/** Records whose red plane holds the image's number, green its label, and blue the position within the plane modulo 256. */
function folder(files: Record<string, number[]>): string {
  const dir = mkdtempSync(join(tmpdir(), 'cifar-'));
  let number = 0;
  for (const [name, labels] of Object.entries(files)) {
    const bytes = Buffer.alloc(labels.length * RECORD);
    labels.forEach((label, i) => {
      bytes[i * RECORD] = label;
      bytes.fill(number++, i * RECORD + 1, i * RECORD + 1025);
      bytes.fill(label, i * RECORD + 1025, i * RECORD + 2049);
      for (let p = 0; p < 1024; p++) bytes[i * RECORD + 2049 + p] = p % 256;
    });
    writeFileSync(join(dir, name), bytes);
  }
  return dir;
}

test('planes become interleaved pixels, files follow one another, and files that are not there are named', async () => {
  const data = await readCifar10(folder({ 'data_batch_1.bin': [3, 1], 'data_batch_3.bin': [9] }), 'train');
  expect([...data.labels]).toEqual([3, 1, 9]);
  expect(data.missing).toEqual(['data_batch_2.bin', 'data_batch_4.bin', 'data_batch_5.bin']);
  const pixels = new Uint8Array(32 * 32 * 3);
  data.image(2, pixels);
  expect([...pixels.subarray(0, 6)]).toEqual([2, 9, 0, 2, 9, 1]);
  expect([...pixels.subarray(-3)]).toEqual([2, 9, 255]);
});

test('clean pairs are two images of one class, false pairs of two; each drawn from the seed and the index alone', async () => {
  const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 2];
  const options = { dir: folder({ 'test_batch.bin': labels }), split: 'test', seed: 5 } as const;
  const read = async (index: number, noisy: boolean, seed = 5) => {
    const source = await createCifar10PairSource({ ...options, seed });
    const first = new Uint8Array(3072), second = new Uint8Array(3072);
    await source.read(index, noisy, first, second);
    return [first[0] as number, second[0] as number] as const;
  };
  const partners = new Set<string>();
  for (let seed = 0; seed < 12; seed++) {
    for (let i = 0; i < labels.length; i++) {
      const [first, second] = await read(i, false, seed);
      expect(first).toBe(i);
      expect(second).not.toBe(i);
      expect(labels[second]).toBe(labels[i]);
      const [, wrong] = await read(i, true, seed);
      expect(labels[wrong]).not.toBe(labels[i]);
      partners.add(`${i} ${second}`);
    }
  }
  expect(partners.size).toBe(3 * 2 + 3 * 2 + 4 * 3); // every ordered pair within a class comes up
  expect(await read(4, true)).toEqual(await read(4, true));
});

test('a missing split, a cut-off file, a wrong label and lonely classes are one clear line each', async () => {
  const empty = folder({});
  await expect(readCifar10(empty, 'test')).rejects.toThrow(`CIFAR-10: expected test_batch.bin in ${empty}, got none`);
  writeFileSync(join(empty, 'test_batch.bin'), Buffer.alloc(3000));
  await expect(readCifar10(empty, 'test')).rejects.toThrow('test_batch.bin: expected a multiple of 3073 bytes, got 3000');
  await expect(readCifar10(folder({ 'test_batch.bin': [1, 10] }), 'test')).rejects.toThrow('expected labels 0..9, got 10 in record 1');
  await expect(createCifar10PairSource({ dir: folder({ 'test_batch.bin': [1, 1, 2] }), split: 'test', seed: 0 })).rejects.toThrow('expected two classes of two images or more, got automobile 2, bird 1');
});
