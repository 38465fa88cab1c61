import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, encodeJpeg, encodePng, Random, writePng } from '@noisy-pairs/imaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeOptions, type VtsOptions } from '../options.ts';
import { openTextures } from './open-textures.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'textures-'));
});
afterEach(() => rm(dir, { recursive: true }));

const random = Random.from('textures');
const noise = (width: number, height: number, channels: 1 | 3) =>
  createRaster(
    width,
    height,
    channels,
    Uint8Array.from({ length: width * height * channels }, () => random.int(256)),
  );
const open = (options: Partial<VtsOptions> = {}) =>
  openTextures(
    completeOptions({
      size: 16,
      length: 1,
      textures: { kind: 'folder', dir, classes: ['a', 'b'], noiseClass: 'n' },
      ...options,
    }),
  );
async function fill(): Promise<void> {
  await writePng(join(dir, 'a.png'), noise(20, 16, 1));
  await mkdir(join(dir, 'b'));
  await writePng(join(dir, 'b', 'two.png'), noise(16, 30, 3));
  await writeFile(join(dir, 'b', 'one.JPG'), await encodeJpeg(noise(40, 40, 3)));
  await writeFile(join(dir, 'b', 'notes.txt'), 'not a texture');
  await writePng(join(dir, 'n.png'), noise(16, 16, 1));
}

describe('openTextures: folder', () => {
  it('reads CLASS.png and CLASS/*, grey and colour, of any size', async () => {
    await fill();
    const { classes, noiseClass, banks } = await open();
    expect({ classes, noiseClass, lengths: banks.map(({ length }) => length) }).toEqual({
      classes: ['a', 'b'],
      noiseClass: 'n',
      lengths: [1, 2, 1],
    });
    expect(banks[1]?.files?.map(({ name }) => name)).toEqual([
      join('b', 'one.JPG'),
      join('b', 'two.png'),
    ]);
    const { width, height, pixels } = banks[0]?.get(0) ?? {};
    expect({ width, height, length: pixels?.length }).toEqual({
      width: 20,
      height: 16,
      length: 320,
    });
  });

  it('keeps the pixels', async () => {
    await fill();
    const grey = createRaster(
      16,
      16,
      1,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const colour = createRaster(
      16,
      16,
      3,
      Uint8Array.from({ length: 768 }, (_, i) => (i * 7) % 256),
    );
    await writePng(join(dir, 'a.png'), grey);
    await writePng(join(dir, 'n.png'), colour);
    const { banks } = await open();
    expect(banks[0]?.get(0).pixels).toEqual(grey.data);
    expect(banks[2]?.get(0).pixels).toEqual(
      Uint32Array.from(
        { length: 256 },
        (_, i) =>
          (colour.data[3 * i] ?? 0) +
          256 * (colour.data[3 * i + 1] ?? 0) +
          65536 * (colour.data[3 * i + 2] ?? 0),
      ),
    );
  });

  it('names what is missing, too small, broken or ambiguous', async () => {
    await fill();
    await expect(
      open({
        textures: { kind: 'folder', dir: join(dir, 'none'), classes: ['a', 'b'], noiseClass: 'n' },
      }),
    ).rejects.toThrow(`texture folder: expected a folder at ${join(dir, 'none')}, got none`);
    await expect(
      open({
        textures: { kind: 'folder', dir: join(dir, 'a.png'), classes: ['a', 'b'], noiseClass: 'n' },
      }),
    ).rejects.toThrow('texture folder: expected a folder');
    await expect(
      open({ textures: { kind: 'folder', dir, classes: ['a', 'c'], noiseClass: 'n' } }),
    ).rejects.toThrow(
      `texture class c: expected a folder ${join(dir, 'c')} or one file ${join(dir, 'c.png')}, ` +
        'got neither',
    );
    await expect(
      open({ textures: { kind: 'folder', dir, classes: ['a', 'b'], noiseClass: 'a' } }),
    ).rejects.toThrow('texture classes: expected different names, got a twice');
    await expect(open({ size: 17 })).rejects.toThrow(
      `texture ${join(dir, 'a.png')}: expected at least 17 x 17 pixels, as the images have, ` +
        'got 20 x 16',
    );
    await writeFile(join(dir, 'a.png'), (await encodePng(noise(40, 40, 3))).subarray(0, 2000));
    await expect(open()).rejects.toThrow(`texture ${join(dir, 'a.png')}: not a readable image`);
    await writePng(join(dir, 'n.jpg'), noise(16, 16, 1));
    await rm(join(dir, 'a.png'));
    await mkdir(join(dir, 'a'));
    await expect(open()).rejects.toThrow(
      `texture class a: expected PNG or JPEG files in ${join(dir, 'a')}, got none`,
    );
    await expect(
      open({ textures: { kind: 'folder', dir, classes: ['b', 'n'], noiseClass: 'a' } }),
    ).rejects.toThrow('got n.jpg and n.png');
  });
});

describe('openTextures: procedural', () => {
  const make = (options: Partial<VtsOptions>) =>
    open({ textures: { kind: 'procedural', instances: 2 }, ...options });

  it('has two classes and the noise unless asked for more, and at most four', async () => {
    const { classes, noiseClass, banks } = await make({});
    expect({ classes, noiseClass, lengths: banks.map(({ length }) => length) }).toEqual({
      classes: ['one-orientation', 'two-orientations'],
      noiseClass: 'isotropic',
      lengths: [2, 2, 2],
    });
    expect((await make({ textures: { kind: 'procedural', classes: 4 } })).classes).toHaveLength(4);
    expect(() =>
      completeOptions({ length: 1, textures: { kind: 'procedural', classes: 5 } }),
    ).toThrow(/^VTS option textures\.classes: .*4/);
  });

  it('makes other textures for another seed, split, class or number, else the same', async () => {
    const sets = await Promise.all([make({}), make({ seed: 1 }), make({ split: 'test' })]);
    const pixels = sets
      .flatMap(({ banks }) => banks.flatMap((bank) => [bank.get(0), bank.get(1)]))
      .map((texture) => texture.pixels.join());
    expect(new Set(pixels).size).toBe(18);
    expect((await make({})).banks[1]?.get(1).pixels.join()).toBe(pixels[3]);
  });

  it('makes them large enough for crops to differ', async () => {
    for (const size of [8, 16, 60, 64, 100]) {
      const { width, height } = (await make({ size })).banks[0]?.get(0) ?? { width: 0, height: 0 };
      expect(width).toBe(height);
      expect(width).toBeGreaterThanOrEqual(1.25 * size);
    }
  });
});
