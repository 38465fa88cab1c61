import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appendEvents, createEvents } from './tensorboard.ts';

/** CRC-32C bit by bit. */
function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
const masked = (data: Uint8Array) =>
  (((crc32c(data) >>> 15) | (crc32c(data) << 17)) + 0xa282ead8) >>> 0;

/** Frames of a TFRecord file, check sums verified. */
function records(file: Buffer): Buffer[] {
  const found = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

/** Fields of a protocol buffer message: [number, value]. */
function fields(data: Buffer): [number, number | Buffer][] {
  const found: [number, number | Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = data[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    const type = key & 7;
    if (type === 0) found.push([key >> 3, varint()]);
    if (type === 1) found.push([key >> 3, data.readDoubleLE((at += 8) - 8)]);
    if (type === 5) found.push([key >> 3, data.readFloatLE((at += 4) - 4)]);
    if (type === 2) {
      const length = varint();
      found.push([key >> 3, data.subarray(at, (at += length))]);
    }
  }
  return found;
}

it('writes events that a reader of the format gets back', async () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283); // the published check value
  const path = join(await mkdtemp(join(tmpdir(), 'events-')), 'events.out.tfevents.0');
  await createEvents(path, [{ step: 10, time: 1000.5, scalars: { loss: 1.5 } }]);
  await appendEvents(path, [{ step: 70_000, time: 1001, scalars: { loss: 0.25, accuracy: 1 } }]);
  const [version, first, second, ...rest] = records(await readFile(path)).map(fields);
  expect(version).toEqual([
    [1, 0],
    [3, Buffer.from('brain.Event:2')],
  ]);
  expect(first?.slice(0, 2)).toEqual([
    [1, 1000.5],
    [2, 10],
  ]);
  expect(second?.slice(0, 2)).toEqual([
    [1, 1001],
    [2, 70_000],
  ]);
  const scalars = fields(second?.[2]?.[1] as Buffer).map(([, value]) => fields(value as Buffer));
  expect(scalars).toEqual([
    [
      [1, Buffer.from('loss')],
      [2, 0.25],
    ],
    [
      [1, Buffer.from('accuracy')],
      [2, 1],
    ],
  ]);
  expect(rest).toEqual([]);
});
