import { appendFile, writeFile } from 'node:fs/promises';

/** A scalar by name at a step; `time` in seconds since 1970. */
export interface Event {
  readonly step: number;
  readonly time: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * TensorBoard's event file, by hand: TensorFlow's own writer can neither be closed nor cut back,
 * and a resumed run must be. Format: TFRecord frames (length, masked CRC-32C of it, data, masked
 * CRC-32C of it) of `Event` protocol buffers.
 */
export async function createEvents(path: string, events: readonly Event[]): Promise<void> {
  // its time is shown nowhere
  const version = message([double(1, 0), bytes(3, Buffer.from('brain.Event:2'))]);
  await writeFile(path, Buffer.concat([frame(version), ...events.map(encode)]));
}

export async function appendEvents(path: string, events: readonly Event[]): Promise<void> {
  await appendFile(path, Buffer.concat(events.map(encode)));
}

function encode({ step, time, scalars }: Event): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytes(1, message([bytes(1, Buffer.from(tag)), float(2, value)])),
  );
  return frame(message([double(1, time), varint(2, step), bytes(5, message(values))]));
}

// Protocol buffer fields: a key of number * 8 + wire type, then the value.
const message = (fields: readonly Buffer[]) => Buffer.concat(fields);
const double = (field: number, value: number) => {
  const buffer = Buffer.alloc(9);
  buffer[0] = field * 8 + 1;
  buffer.writeDoubleLE(value, 1);
  return buffer;
};
const float = (field: number, value: number) => {
  const buffer = Buffer.alloc(5);
  buffer[0] = field * 8 + 5;
  buffer.writeFloatLE(value, 1);
  return buffer;
};
const varint = (field: number, value: number) => Buffer.from([field * 8, ...base128(value)]);
const bytes = (field: number, value: Buffer) =>
  Buffer.concat([Buffer.from([field * 8 + 2, ...base128(value.length)]), value]);

function base128(value: number): number[] {
  const digits = [];
  for (; value >= 128; value = Math.floor(value / 128)) digits.push((value % 128) + 128);
  return [...digits, value];
}

function frame(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

/** Castagnoli's polynomial, bits reversed. */
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
  return n;
});

function maskedCrc(data: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 255] ?? 0);
  crc = ~crc >>> 0;
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return buffer;
}
