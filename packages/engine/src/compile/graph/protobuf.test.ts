import { expect, test } from 'vitest';
import {
  bytes,
  double,
  float,
  message,
  readMessages,
  readNumber,
  readText,
  varint,
} from './protobuf.ts';

const serialised = (...fields: readonly (readonly Uint8Array[])[]) =>
  new Uint8Array(Buffer.concat(fields.flat()));

test("the encoding's own examples", () => {
  expect(serialised(varint(1, 150))).toEqual(Uint8Array.of(0x08, 0x96, 0x01));
  expect(serialised(bytes(2, 'testing'))).toEqual(
    Uint8Array.of(0x12, 7, ...Buffer.from('testing')),
  );
  expect(serialised(message(3, varint(1, 150)))).toEqual(Uint8Array.of(0x1a, 3, 8, 0x96, 1));
  // -2 as a two's complement of 64 bits
  expect(serialised(varint(1, -2))).toEqual(
    Uint8Array.of(0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  );
});

test('numbers with a point are little-endian IEEE 754', () => {
  expect(serialised(float(5, 1.5))).toEqual(Uint8Array.of(0x2d, 0, 0, 0xc0, 0x3f));
  expect(serialised(double(1, -2))).toEqual(Uint8Array.of(0x09, 0, 0, 0, 0, 0, 0, 0, 0xc0));
});

test('what was written is read, whatever stands between; what is absent is empty or 0', () => {
  const fixed = Uint8Array.of(9 * 8 + 5, 1, 2, 3, 4, 10 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8);
  const read = serialised(
    varint(16, 2 ** 40),
    [fixed],
    bytes(2, 'Größe'),
    message(3, varint(1, 7)),
    message(3, varint(1, 8)),
  );
  expect(readNumber(read, 16)).toBe(2 ** 40);
  expect(readText(read, 2)).toBe('Größe');
  expect(readMessages(read, 3).map((inner) => readNumber(inner, 1))).toEqual([7, 8]);
  expect([readNumber(read, 4), readText(read, 4), readMessages(read, 4)]).toEqual([0, '', []]);
});
