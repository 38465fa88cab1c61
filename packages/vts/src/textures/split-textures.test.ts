import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, encodePng, Random, writePng } from '@noisy-pairs/imaging';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGenerator } from '../generator.ts';
import { completeOptions } from '../options.ts';
import { openTextures } from './open-textures.ts';

const size = 16;
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'split-textures-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A picture of pixels that no other one has: of the file and the place. */
const marked = (file: number, width: number, height: number) =>
  createRaster(
    width,
    height,
    3,
    Uint8Array.from({ length: 3 * width * height }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return [x, y, file][i % 3] ?? 0;
    }),
  );
const open = (split: string, seed = 0) => {
  const textures = { kind: 'folder' as const, dir, classes: ['a', 'b'], noiseClass: 'n' };
  const options = completeOptions({
    size,
    cells: 5,
    length: 300,
    imageNoise: 1,
    split,
    seed,
    textures,
  });
  return openTextures(options).then((set) => ({ options, set }));
};

/** Every pixel, as x, y and file, that images of a split show of class a and of the noise. */
async function shown(split: string, seed: number): Promise<[Set<number>, Set<number>]> {
  const { options, set } = await open(split, seed);
  const generate = createGenerator(options, set);
  const seen = new Set<number>();
  const noise = new Set<number>();
  const [clean, noisy] = [new Uint8Array(3 * size * size), new Uint8Array(3 * size * size)];
  for (let i = 0; i < options.length; i++) {
    generate(i, { clean, noisy });
    for (const [image, into] of [
      [clean, seen],
      [noisy, noise],
    ] as const)
      for (let p = 0; p < image.length; p += 3)
        into.add(((image[p] ?? 0) << 16) | ((image[p + 1] ?? 0) << 8) | (image[p + 2] ?? 0));
  }
  return [seen, noise];
}

it.each([0, 1])(
  'no pixel of a photograph is shown by two splits: files, or regions, seed %d',
  async (seed) => {
    for (const [c, name] of ['a', 'b', 'n'].entries())
      await mkdir(join(dir, name)).then(async () => {
        // seven files of a, one wide one of b, two tall ones of the noise
        const sizes =
          [
            Array.from({ length: 7 }, () => [20, 24]),
            [[100, 20]],
            [
              [18, 60],
              [16, 48],
            ],
          ][c] ?? [];
        for (const [i, [w = 0, h = 0]] of sizes.entries())
          await writePng(join(dir, name, `${i}.png`), marked(20 * c + i, w, h));
      });
    const all = await open('all', seed);
    expect(all.set.banks.map(({ parts, length }) => [parts, length])).toEqual([
      ['files', 7],
      ['regions', 1],
      ['regions', 2],
    ]);
    const splits = await Promise.all(
      ['pretrain', 'train', 'test'].map((split) => shown(split, seed)),
    );
    for (const i of [0, 1] as const) {
      const pixels = splits.map((seen) => seen[i]);
      const union = new Set(pixels.flatMap((own) => [...own]));
      expect(union.size).toBe(pixels.reduce((sum, own) => sum + own.size, 0));
      for (const own of pixels) expect(own.size).toBeGreaterThan(200);
    }
    const files = await Promise.all(
      ['pretrain', 'train', 'test'].map(
        async (split) => (await open(split, seed)).set.banks[0]?.files,
      ),
    );
    expect(files.map((own) => own?.length)).toEqual([5, 1, 1]);
  },
);

it('copies of a file go together, and other seeds deal the files out otherwise', async () => {
  for (const name of ['a', 'b', 'n']) await mkdir(join(dir, name));
  const random = Random.from('files');
  const noise = () =>
    createRaster(
      size,
      size,
      1,
      Uint8Array.from({ length: size * size }, () => random.int(256)),
    );
  for (const name of ['a', 'b', 'n'])
    for (let i = 0; i < 8; i++) await writePng(join(dir, name, `${i}.png`), noise());
  const twin = await encodePng(noise());
  await writeFile(join(dir, 'b', 'x.png'), twin);
  await writeFile(join(dir, 'b', 'y.png'), twin);
  const tests: string[] = [];
  for (let seed = 0; seed < 6; seed++) {
    const parts = await Promise.all(
      ['pretrain', 'train', 'test'].map((split) => open(split, seed)),
    );
    const hashes = parts.map(
      ({ set }) => new Set(set.banks[1]?.files?.map(({ sha256 }) => sha256)),
    );
    expect(new Set(hashes.flatMap((own) => [...own])).size).toBe(9);
    expect(hashes.reduce((sum, own) => sum + own.size, 0)).toBe(9);
    tests.push(parts[2]?.set.banks[0]?.files?.map(({ name }) => name).join() ?? '');
  }
  expect(new Set(tests).size).toBeGreaterThan(3);
});

it('files too few and too small are the same in all splits, and are said to be', async () => {
  for (const name of ['a', 'b', 'n']) await writePng(join(dir, `${name}.png`), marked(1, 47, 20));
  for (const split of ['pretrain', 'train', 'test']) {
    const { set } = await open(split);
    expect(set.banks.map(({ parts, length }) => [parts, length])).toEqual([
      ['same', 1],
      ['same', 1],
      ['same', 1],
    ]);
  }
});
