import { deflateSync } from 'node:zlib';
import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import type { BlockLayout } from '../block-layout.ts';
import { inflateBlocks } from './inflate-blocks.ts';
import { createInflater } from './inflater.ts';

const random = Random.from('inflater');
/** Little noise on a slope, which deflates to about a half. */
const plainOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i >> 4) + random.int(8));

// A Node without the handle that is driven has inflateSync.
describe.each([
  ['driven', createInflater()],
  ['anew each time', createInflater({})],
])('an inflater, %s', (_, inflate) => {
  it('gives what was deflated, stream after stream, of any length', () => {
    for (const length of [1, 63, 6144, 100_000]) {
      const plain = plainOf(length);
      const into = new Uint8Array(length);
      expect(inflate(deflateSync(plain), into)).toBe(length);
      expect(Buffer.compare(into, plain)).toBe(0);
    }
  });
  it('says how much there was of less, and leaves what is more', () => {
    const plain = plainOf(1000);
    const packed = deflateSync(plain);
    expect(inflate(packed, new Uint8Array(1200))).toBe(1000);
    const into = new Uint8Array(10);
    expect(inflate(packed, into)).toBe(10);
    expect(into).toEqual(plain.slice(0, 10));
  });
  it('looks at the check sum of a stream that goes on where there is no more place', () => {
    const plain = plainOf(300_000);
    const packed = deflateSync(plain);
    const into = new Uint8Array(8100);
    expect(inflate(packed, into)).toBe(8100);
    // bytes behind the stream are nobody's
    expect(inflate(Buffer.concat([packed, Buffer.alloc(99, 7)]), into)).toBe(8100);
    packed[packed.length - 1] = (packed[packed.length - 1] as number) ^ 1;
    expect(() => inflate(packed, into)).toThrow('incorrect data check');
  });
  it('throws for a stream that is cut off, though all that is wanted may be there', () => {
    const plain = plainOf(1000);
    const packed = deflateSync(plain);
    for (const length of [packed.length - 1, packed.length - 4, packed.length >> 1, 2])
      for (const place of [10, 1000])
        expect(() => inflate(packed.subarray(0, length), new Uint8Array(place))).toThrow(
          'unexpected end of file',
        );
  });
  it('throws for what is no stream or fails its check sum, and goes on with the next', () => {
    const plain = plainOf(5000);
    const broken = deflateSync(plain);
    const into = new Uint8Array(5000);
    broken[broken.length - 1] = (broken[broken.length - 1] as number) ^ 1;
    expect(() => inflate(broken, into)).toThrow('incorrect data check');
    expect(() => inflate(Uint8Array.from([1, 2, 3, 4]), into)).toThrow('incorrect header check');
    expect(inflate(deflateSync(plain), into)).toBe(5000);
    expect(Buffer.compare(into, plain)).toBe(0);
  });
});

describe('blocks inflated by two threads', () => {
  const layout: BlockLayout = {
    compression: 8,
    sampleType: '1/8',
    littleEndian: true,
    predictor: 1,
    bands: 3,
    rowSamples: 3000,
    blockHeight: 4,
    tiled: false,
  };
  const blocks = Array.from({ length: 200 }, (_, block) => {
    const plain = plainOf(block === 199 ? 3000 : 12_000);
    return {
      block: 1000 + block,
      bytes: Uint8Array.from(deflateSync(plain)),
      rows: plain.length / 3000,
      plain,
    };
  });
  const all = async () => {
    const got = new Map<number, Uint8Array>();
    await inflateBlocks(blocks, layout, 'a.tif', (block, samples) => {
      got.set(block, (samples as Uint8Array).slice());
    });
    return got;
  };
  const expectAll = (got: Map<number, Uint8Array>) => {
    expect(got.size).toBe(blocks.length);
    for (const { block, plain } of blocks)
      expect(Buffer.compare(got.get(block) ?? Buffer.of(), plain)).toBe(0);
  };

  it('are the blocks, each once, also when several reads ask at once', async () => {
    expectAll(await all()); // starts the second thread
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const got of await Promise.all([all(), all(), all()])) expectAll(got);
  });

  it('a broken one among them is named, and the next read is whole', async () => {
    for (const i of [0, 100, 199]) {
      const whole = blocks[i] as (typeof blocks)[number];
      blocks[i] = { ...whole, bytes: Uint8Array.from([0, ...whole.bytes]) };
      await expect(all()).rejects.toThrow(
        `a.tif, block ${1000 + i}: expected deflated bytes, got broken ones (incorrect header ` +
          'check)',
      );
      blocks[i] = { ...whole, bytes: whole.bytes.subarray(0, 1000) };
      await expect(all()).rejects.toThrow(
        `a.tif, block ${1000 + i}: expected deflated bytes, got broken ones (unexpected end of`,
      );
      blocks[i] = whole;
      expectAll(await all());
    }
  });
});
