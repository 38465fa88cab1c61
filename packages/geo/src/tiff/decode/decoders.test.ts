import { Random } from '@noisy-pairs/imaging';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openStructure } from '../header/open-structure.ts';
import { unpackLzw } from './lzw.ts';
import { unpackBits } from './packbits.ts';
import { openZstd } from './zstd.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/tiff/${name}`, import.meta.url));

/** Codes of 9 bits, first bit first. */
function codes(...list: number[]): Uint8Array {
  const bits = list.map((code) => code.toString(2).padStart(9, '0')).join('');
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => parseInt(byte.padEnd(8, '0'), 2));
}

/** What an encoder after the specification makes of the bytes: codes of 9 to 12 bits. */
function packLzw(plain: Uint8Array): Uint8Array {
  let bits = '';
  let known = new Map<string, number>();
  const emit = (code: number) => {
    const width = Math.max(9, (257 + known.size + 1).toString(2).length);
    bits += code.toString(2).padStart(width, '0');
  };
  emit(256);
  let word = '';
  for (const byte of plain) {
    const longer = word + String.fromCharCode(byte);
    if (longer.length === 1 || known.has(longer)) {
      word = longer;
      continue;
    }
    emit(word.length === 1 ? word.charCodeAt(0) : (known.get(word) as number));
    known.set(longer, 258 + known.size);
    if (known.size === 4094 - 258) {
      emit(256);
      known = new Map();
    }
    word = String.fromCharCode(byte);
  }
  emit(word.length === 1 ? word.charCodeAt(0) : (known.get(word) as number));
  bits += '0000000100000001';
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (text) => parseInt(text, 2));
}

describe('LZW', () => {
  const unpacked = (bytes: Uint8Array, length: number) => {
    const into = new Uint8Array(length);
    return Array.from(into.subarray(0, unpackLzw(bytes, into)));
  };
  it("gives the specification's example, and strings that contain themselves", () => {
    // TIFF 6, section 13
    const packed = codes(256, 7, 258, 8, 8, 258, 6, 6, 257);
    expect(unpacked(packed, 11)).toEqual([7, 7, 7, 8, 8, 7, 7, 6, 6]);
    expect(unpacked(codes(256, 5, 258, 259, 257), 6)).toEqual([5, 5, 5, 5, 5, 5]);
  });
  it('writes no further than asked for, and says how much there was of less', () => {
    expect(unpacked(codes(256, 5, 258, 259, 260, 261), 7)).toEqual([5, 5, 5, 5, 5, 5, 5]);
    expect(unpacked(codes(256, 1, 2), 9)).toEqual([1, 2]);
    expect(unpacked(new Uint8Array(0), 9)).toEqual([]);
  });
  it('gives what was packed, runs, noise and repeats, whole and to any shorter length', () => {
    const random = Random.from('lzw round');
    for (let i = 0; i < 60; i++) {
      const values = [1, 2, 4, 40, 256][i % 5] as number;
      const run = 1 + random.int(9);
      const length = 1 + random.int(i < 50 ? 300 : 20_000);
      const plain = Uint8Array.from({ length }, () => random.int(values));
      for (let k = run; k < length; k++) if (random.bool()) plain[k] = plain[k - run] as number;
      const packed = packLzw(plain);
      for (const less of [0, 1, 2, 3, 4, 5, 7, 9, 12]) {
        const into = new Uint8Array(Math.max(0, length - less));
        expect(unpackLzw(packed, into)).toBe(into.length);
        expect(Buffer.compare(into, plain.subarray(0, into.length))).toBe(0);
      }
    }
  });
  it('refuses codes that stand for nothing, and the order of bits of before TIFF 6', () => {
    expect(() => unpacked(codes(256, 5, 300), 9)).toThrow('code 300 of 259');
    expect(() => unpacked(codes(256, 258), 9)).toThrow('code 258 of 258');
    expect(() => unpacked(Uint8Array.of(0, 1, 2), 9)).toThrow('before TIFF 6');
  });
  it('ends for any bytes at all', () => {
    const random = Random.from('lzw');
    const into = new Uint8Array(100_000);
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from({ length: 2000 }, () => random.int(256));
      bytes.set([0x80, 0]);
      try {
        expect(unpackLzw(bytes, into)).toBeLessThanOrEqual(into.length);
      } catch (error) {
        expect((error as Error).message).toMatch(/^code \d+ of \d+$/);
      }
    }
  });
});

it('PackBits gives runs and literals, and no more than asked for or there', () => {
  // Apple's example
  const packed = Uint8Array.from([
    0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa,
  ]);
  const into = new Uint8Array(24);
  expect(unpackBits(packed, into)).toBe(24);
  expect(Buffer.from(into).toString('hex')).toBe(
    'aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa',
  );
  expect(unpackBits(packed, new Uint8Array(5))).toBe(5);
  expect(unpackBits(packed.subarray(0, 4), new Uint8Array(24))).toBe(4);
  expect(unpackBits(Uint8Array.of(0x80, 0xfe), new Uint8Array(24))).toBe(0);
});

describe('zstd', () => {
  it('is bounded, and ends for any damage', async () => {
    const { structure } = await openStructure(fixture('odd-zstd-predictor.tif'));
    const start = structure.offsets[0] as number;
    const whole = readFileSync(fixture('odd-zstd-predictor.tif'));
    const frame = whole.subarray(start, start + (structure.byteCounts[0] as number));
    const unpack = await openZstd();
    const plain = 8 * 45 * 3 * 2;
    expect(unpack(frame, plain).length).toBe(plain);
    expect(() => unpack(frame, plain - 1)).toThrow();
    for (let at = 0; at < frame.length; at++) {
      const broken = Uint8Array.from(frame);
      broken[at] = (broken[at] as number) ^ 0x55;
      try {
        expect(unpack(broken, plain).length).toBeLessThanOrEqual(plain);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
    expect(unpack(frame, plain).length).toBe(plain);
  });
  it("is Node's own for large frames, where it has it", async () => {
    const given: unknown[] = [];
    const unpack = await openZstd({
      zstdDecompressSync: (bytes, options) => {
        given.push(options);
        return bytes;
      },
    });
    const size = 2 ** 17;
    expect(unpack(Uint8Array.of(1), size)).toEqual(Uint8Array.of(1));
    expect(() => unpack(Uint8Array.of(1), size - 1)).toThrow('no zstd frame of at most');
    expect(given).toEqual([{ maxOutputLength: size, chunkSize: size }]);
  });
});
