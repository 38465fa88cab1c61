import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, tf } from '@noisy-pairs/engine';
import { expect, test } from 'vitest';
import { openSafetensors } from './safetensors.ts';
import { loadWeights, saveWeights } from './weights.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'weights-'));
const tensors = () => ({
  'a/w': tf.tensor2d([
    [1.5, -2],
    [3e-8, 4],
  ]),
  step: tf.tensor1d([7, -9], 'int32'),
  s: tf.scalar(0.25),
  none: tf.tensor1d([], 'float32'),
});

test('names, shapes, types, values, metadata come back; no temporary file stays', async () => {
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

test('the bytes are those of the format: length, JSON, little-endian values, aligned', async () => {
  const path = join(folder(), 'x.safetensors');
  await saveWeights(path, { w: tf.tensor1d([1, 2]) });
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  expect((8 + length) % 8).toBe(0);
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
    __metadata__: {},
    w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
  });
  expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, 2]);
});

test('half precision becomes float32 exactly, with subnormal numbers', async () => {
  const path = join(folder(), 'x.safetensors');
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x83ff, 0x0400, 0x8000);
  writeRaw(
    path,
    { h: ['F16', [7], [0, 14]], b: ['BF16', [3], [14, 20]] },
    Buffer.concat([
      new Uint8Array(halves.buffer),
      new Uint8Array(Uint16Array.of(0x3f80, 0xc2c8, 0x0001).buffer),
    ]),
  );
  const { tensors: back } = await loadWeights(path);
  expect([...(back['h']?.dataSync() ?? [])]).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    -1023 * 2 ** -24,
    2 ** -14,
    -0,
  ]);
  expect([...(back['b']?.dataSync() ?? [])]).toEqual([1, -100, 2 ** -133]);
});

test.each([
  ['F32', Float32Array.of(1, NaN), 'NaN'],
  ['F16', Uint16Array.of(0x3c00, 0x7c00), 'Infinity'],
  ['F16', Uint16Array.of(0x3c00, 0x7e00), 'NaN'],
  ['BF16', Uint16Array.of(0x3f80, 0xff80), '-Infinity'],
] as const)('a value of %s that is not finite is refused by name', async (dtype, values, got) => {
  const path = join(folder(), 'x.safetensors');
  const before = memory().tensors;
  const bytes = new Uint8Array(values.buffer);
  writeRaw(path, { ok: ['F32', [0], [0, 0]], w: [dtype, [2], [0, bytes.length]] }, bytes);
  await expect(loadWeights(path)).rejects.toThrow(
    `${path}: expected w to have finite values, got ${got}`,
  );
  expect(memory().tensors).toBe(before);
});

test('a file that cannot be written is named, with the reason', async () => {
  const dir = folder();
  await expect(saveWeights(join(dir, 'none', 'x'), tensors())).rejects.toThrow(
    `${join(dir, 'none', 'x')}: not written (ENOENT: no such file or directory)`,
  );
  await expect(saveWeights(join(dir, 'x'), { flag: tf.tensor1d([true], 'bool') })).rejects.toThrow(
    `${join(dir, 'x')}: expected flag to be float32 or int32, got bool`,
  );
  expect(readdirSync(dir)).toEqual([]);
});

/** A header of any entries, [dtype, shape, offsets], before any data. */
function writeRaw(path: string, entries: Record<string, unknown>, data: Uint8Array): void {
  const header = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [
      name,
      Array.isArray(entry)
        ? {
            dtype: entry[0] as unknown,
            shape: entry[1] as unknown,
            data_offsets: entry[2] as unknown,
          }
        : entry,
    ]),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(text.length);
  writeFileSync(path, Buffer.concat([length, text, data]));
}

test.each<[string, Record<string, unknown>, number, string]>([
  [
    'values of a type that no tensor has',
    { w: ['F64', [1], [0, 8]] },
    8,
    'expected w to be F32, F16, BF16 or I32, got F64',
  ],
  [
    'more bytes than the shape has',
    { w: ['F32', [2, 2], [0, 20]] },
    20,
    'expected 16 bytes for w F32 [2, 2], got 20',
  ],
  [
    'a shape that no bytes fit',
    { w: ['F32', [2 ** 40, 2 ** 40], [0, 16]] },
    16,
    /expected [\de.+]+ bytes for w F32 \[1099511627776, 1099511627776\], got 16/,
  ],
  [
    'entries that overlap',
    { a: ['F32', [2], [0, 8]], b: ['F32', [2], [4, 12]] },
    12,
    'expected b to begin at byte 8 of the data, behind a, got 4: entries overlap',
  ],
  [
    'entries that leave a gap',
    { a: ['F32', [1], [0, 4]], b: ['F32', [1], [8, 12]] },
    12,
    'expected b to begin at byte 4 of the data, behind a, got 8: entries leave a gap',
  ],
  [
    'offsets behind the end',
    { w: ['F32', [4], [0, 16]] },
    12,
    /expected \d+ bytes, got \d+: the file is cut off/,
  ],
  [
    'more data than entries',
    { w: ['F32', [1], [0, 4]] },
    12,
    /expected \d+ bytes, got \d+: there is more than the header tells of/,
  ],
  [
    'offsets that go backwards',
    { w: ['X9', [1], [4, 0]] },
    4,
    'expected no negative number of bytes for w X9 [1], got -4',
  ],
  [
    'negative offsets',
    { w: ['F32', [1], [-4, 0]] },
    4,
    'expected w to have dtype, shape and data_offsets, got ' +
      '{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}',
  ],
  [
    'a shape that is none',
    { w: ['F32', 'big', [0, 4]] },
    4,
    'expected w to have dtype, shape and data_offsets, got {"dtype":"F32","shape":"big"',
  ],
  ['an entry that is none', { w: 7 }, 0, 'expected w to have dtype, shape and data_offsets, got 7'],
  [
    'metadata that are no strings',
    { __metadata__: { step: 7 } },
    0,
    'expected __metadata__ of strings, got {"step":7}',
  ],
] as [string, Record<string, unknown>, number, string][])(
  '%s: refused by name, in one line',
  async (_, entries, bytes, message) => {
    const path = join(folder(), 'x.safetensors');
    writeRaw(path, entries, new Uint8Array(bytes));
    const before = memory().tensors;
    const error: Error = await loadWeights(path).then(
      () => new Error('nothing'),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(`${path}: `)).toBe(true);
    expect(error.message).not.toContain('\n');
    expect(memory().tensors).toBe(before);
  },
);

test('files that are cut off, at any byte, or something else are refused by name', async () => {
  const dir = folder();
  const path = join(dir, 'x.safetensors');
  await saveWeights(path, tensors());
  const whole = readFileSync(path);
  for (let size = 0; size < whole.length; size++) {
    writeFileSync(path, whole.subarray(0, size));
    await expect(loadWeights(path), `${size} bytes`).rejects.toThrow(
      new RegExp(
        'x\\.safetensors: (expected \\d+ bytes( or more)?, got \\d+: ' +
          'the (file|header) is cut off|' +
          'expected a \\.safetensors header, got \\d bytes without one)',
      ),
    );
  }
  writeFileSync(path, 'hello');
  await expect(loadWeights(path)).rejects.toThrow(
    'expected a .safetensors header, got 5 bytes without one',
  );
  writeFileSync(path, Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('no!!')]));
  await expect(loadWeights(path)).rejects.toThrow('expected a JSON header');
  writeFileSync(
    path,
    Buffer.concat([Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[1, 2]')]),
  );
  await expect(loadWeights(path)).rejects.toThrow('expected a JSON header');
  const latin1 = Buffer.concat([Buffer.from('{"'), Buffer.from([0xe4]), Buffer.from('":1}')]);
  writeFileSync(path, Buffer.concat([Buffer.from([7, 0, 0, 0, 0, 0, 0, 0]), latin1]));
  await expect(loadWeights(path)).rejects.toThrow('expected a JSON header'); // not UTF-8
  await expect(loadWeights(dir)).rejects.toThrow(
    `${dir}: expected a .safetensors file, got a folder`,
  );
  await expect(loadWeights(join(dir, 'none'))).rejects.toThrow(
    `${join(dir, 'none')}: expected a .safetensors file, got none`,
  );
});

test('a file that shrinks while it is read is not taken for whole', async () => {
  const path = join(folder(), 'x.safetensors');
  await saveWeights(path, tensors());
  const file = await openSafetensors(path);
  truncateSync(path, readFileSync(path).length - 3);
  await expect(file.read('s')).rejects.toThrow(
    /x\.safetensors: expected \d+ bytes, got \d+: the file is cut off/,
  );
  await file.close();
});
