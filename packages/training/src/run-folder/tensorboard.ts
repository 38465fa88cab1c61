import { appendFile, writeFile } from 'node:fs/promises';
import { bytes, double, float, message, varint, type Fields } from '@noisy-pairs/engine/protobuf';

/** Scalars by name at a step; `time` in seconds since 1970. */
export interface Event {
  readonly step: number;
  readonly time: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * TensorBoard's event file, by hand: TensorFlow's own writer can neither be closed nor cut back,
 * and a resumed run must be. Format: TFRecord frames (length, masked CRC-32C of it, data, masked
 * CRC-32C of it) of `Event` protocol buffers (tensorflow/core/util/event.proto: wall_time = 1, step
 * = 2, file_version = 3, summary = 5 { value = 1 { tag = 1, simple_value = 2 } }).
 */
export async function createEvents(path: string, events: readonly Event[]): Promise<void> {
  // its time is shown nowhere
  const version = [...double(1, 0), ...bytes(3, 'brain.Event:2')];
  await writeFile(path, Buffer.concat([frame(version), ...events.map(encode)]));
}

export async function appendEvents(path: string, events: readonly Event[]): Promise<void> {
  await appendFile(path, Buffer.concat(events.map(encode)));
}

function encode({ step, time, scalars }: Event): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    message(1, bytes(1, tag), float(2, value)),
  );
  return frame([...double(1, time), ...varint(2, step), ...message(5, ...values)]);
}

function frame(fields: Fields): Buffer {
  const data = Buffer.concat(fields);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

/** Castagnoli's polynomial, bits reversed. */
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
  return n;
});

/** CRC-32C, rotated and moved by a constant, as TFRecord has it. */
function maskedCrc(data: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 255] ?? 0);
  crc = ~crc >>> 0;
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return buffer;
}
