import { createHash } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, readImage, writePng } from '@noisy-pairs/imaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateDataset, type DatasetOptions } from './dataset.ts';
import type { ManifestEntry } from './manifest.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const options = (name: string): DatasetOptions => ({
  out: join(folder, name),
  size: 24,
  cells: 9,
  imageNoise: 0.4,
  seed: 11,
  length: 7,
  textures: { kind: 'procedural', classes: 3, instances: 2 },
});

/** Every file below a folder, with a hash of its bytes. */
async function contents(path: string): Promise<Record<string, string>> {
  const files = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (file) =>
          [
            file.slice(path.length + 1),
            createHash('sha256')
              .update(await readFile(file))
              .digest('hex'),
          ] as const,
      ),
    ),
  );
}

describe('generateDataset', () => {
  it('writes the files, and no others', async () => {
    expect(await generateDataset(options('a'))).toEqual({ made: 7, kept: 0, leftOut: [] });
    const images = Array.from({ length: 7 }, (_, i) => `00000${i}.png`);
    expect(Object.keys(await contents(join(folder, 'a')))).toEqual(
      [
        ...['clean', 'noisy', 'masks', 'noise-masks'].flatMap((kind) =>
          images.map((name) => join(kind, name)),
        ),
        'dataset.json',
        'manifest.jsonl',
        'preview.png',
      ].sort(),
    );
    expect(JSON.parse(await readFile(join(folder, 'a', 'dataset.json'), 'utf8'))).toMatchObject({
      format: 'noisy-pairs/vts',
      version: 2,
      size: 24,
      cells: 9,
      imageNoise: 0.4,
      seed: 11,
      length: 7,
    });
    const preview = await readImage(join(folder, 'a', 'preview.png'));
    expect([preview.width, preview.height]).toEqual([3 * 30 + 6, 6 * 30 + 6]);
  });

  it('writes the masks that its manifest says, pixel for pixel, by a slow loop', async () => {
    await generateDataset(options('a'));
    const read = (kind: string, index: number) =>
      readImage(join(folder, 'a', kind, `00000${index}.png`));
    const lines = (await readFile(join(folder, 'a', 'manifest.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ManifestEntry);
    expect(lines.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { index, sites, classes, noisyCells, crops } of lines) {
      expect([sites.length, classes.length, noisyCells.length, crops.length]).toEqual([9, 9, 4, 4]);
      const [clean, noisy, mask, noiseMask] = [
        await read('clean', index),
        await read('noisy', index),
        await read('masks', index),
        await read('noise-masks', index),
      ];
      expect([clean.channels, noisy.channels, mask.channels, noiseMask.channels]).toEqual([
        3, 3, 1, 1,
      ]);
      for (let y = 0, p = 0; y < 24; y++) {
        for (let x = 0; x < 24; x++, p++) {
          const distances = sites.map(([sx, sy]) => (x + 0.5 - sx) ** 2 + (y + 0.5 - sy) ** 2);
          const cell = distances.indexOf(Math.min(...distances));
          expect(mask.data[p]).toBe(classes[cell]);
          expect(noiseMask.data[p]).toBe(noisyCells.includes(cell) ? 255 : 0);
          if (!noisyCells.includes(cell))
            expect(noisy.data.subarray(3 * p, 3 * p + 3)).toEqual(
              clean.data.subarray(3 * p, 3 * p + 3),
            );
        }
      }
    }
  });

  it('writes the pixels of the textures that its manifest names', async () => {
    // The pixel at (x, y) of a texture says which, and where it is.
    const textures = join(folder, 'textures');
    for (const [number, name] of ['a', 'b', 'n'].entries()) {
      await mkdir(join(textures, name), { recursive: true });
      await writePng(
        join(textures, name, 'only.png'),
        createRaster(
          40,
          30,
          3,
          Uint8Array.from(
            { length: 3600 },
            (_, i) => [Math.floor(i / 3) % 40, Math.floor(i / 120), number][i % 3] ?? 0,
          ),
        ),
      );
    }
    await generateDataset({
      ...options('a'),
      textures: { kind: 'folder', dir: textures, classes: ['a', 'b'], noiseClass: 'n' },
    });
    for (const line of (await readFile(join(folder, 'a', 'manifest.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')) {
      const { index, crops } = JSON.parse(line) as ManifestEntry;
      expect(crops.map(({ class: name, texture }) => [name, texture])).toEqual([
        ['a', join('a', 'only.png')],
        ['b', join('b', 'only.png')],
        ['n', join('n', 'only.png')],
      ]);
      const { data } = await readImage(join(folder, 'a', 'noisy', `00000${index}.png`));
      for (let v = 0, p = 0; v < 24; v++) {
        for (let u = 0; u < 24; u++, p += 3) {
          const { x, y, turns, flip } = crops[data[p + 2] ?? 0] as ManifestEntry['crops'][0];
          // Turning back (clockwise) as often, then mirroring, leads from the image to the square
          // in the texture.
          let [column, row] = [u, v];
          for (let t = 0; t < turns; t++) [column, row] = [23 - row, column];
          if (flip) column = 23 - column;
          expect([data[p], data[p + 1]]).toEqual([x + column, y + row]);
        }
      }
    }
  });

  it('writes the same bytes again, whatever the number of workers', async () => {
    await generateDataset({ ...options('a'), workers: 1 });
    await generateDataset({ ...options('b'), workers: 1 });
    await generateDataset({ ...options('c'), workers: 2 });
    await generateDataset({ ...options('d'), workers: 5 });
    const a = await contents(join(folder, 'a'));
    for (const name of ['b', 'c', 'd']) expect(await contents(join(folder, name))).toEqual(a);
  });

  it('gives image i whatever the number, clean image and mask whatever the noise', async () => {
    await generateDataset(options('a'));
    await generateDataset({ ...options('b'), length: 3, imageNoise: 1 });
    const [a, b] = [await contents(join(folder, 'a')), await contents(join(folder, 'b'))];
    for (const name of ['000000.png', '000002.png'])
      for (const kind of ['clean', 'masks']) expect(b[join(kind, name)]).toBe(a[join(kind, name)]);
    expect(b[join('noisy', '000000.png')]).not.toBe(a[join('noisy', '000000.png')]);
  });

  it('completes a folder of the same parameters and leaves whole files alone', async () => {
    await generateDataset(options('a'));
    const out = join(folder, 'a');
    const whole = await contents(out);
    const kept = join(out, 'clean', '000002.png');
    await Promise.all([
      rm(join(out, 'clean', '000001.png')),
      rm(join(out, 'noise-masks', '000005.png')),
      rm(join(out, 'manifest.jsonl')),
      rm(join(out, 'preview.png')),
    ]);
    for (const file of [join('noisy', '000003.png.123456'), 'preview.png.7', 'manifest.jsonl.7'])
      await writeFile(join(out, file), 'what a killed run was writing');
    await utimes(kept, 1, 1);
    const progress: number[][] = [];
    expect(
      await generateDataset({
        ...options('a'),
        onProgress: (...numbers) => progress.push(numbers),
      }),
    ).toEqual({ made: 2, kept: 5, leftOut: [] });
    expect(await contents(out)).toEqual(whole);
    expect((await stat(kept)).mtimeMs).toBe(1000);
    expect(progress.at(-1)).toEqual([7, 5]);
  });

  it('does not mix into other data sets, textures of the same name, or other files', async () => {
    const textures = join(folder, 'textures');
    await mkdir(textures);
    for (const name of ['a', 'b', 'n'])
      await writePng(join(textures, `${name}.png`), createRaster(24, 24, 1));
    const photos: DatasetOptions = {
      ...options('photos'),
      textures: { kind: 'folder', dir: textures, classes: ['a', 'b'], noiseClass: 'n' },
    };
    await generateDataset(options('a'));
    await generateDataset(photos);
    const before = await contents(folder);
    await expect(generateDataset({ ...options('a'), seed: 12 })).rejects.toThrow(
      `${join(folder, 'a')}: expected a data set of the same parameters, got another (seed: 11 ` +
        'there, 12 asked for)',
    );
    await expect(
      generateDataset({
        ...options('a'),
        textures: { kind: 'procedural', classes: 3, instances: 3 },
      }),
    ).rejects.toThrow('(textures.instances: 2 there, 3 asked for)');
    await expect(generateDataset(options('textures'))).rejects.toThrow(
      `${textures}: expected an empty folder or a VTS data set, got a folder with other files`,
    );
    expect(await contents(folder)).toEqual(before);
    await writePng(join(textures, 'b.png'), createRaster(25, 25, 1));
    await expect(generateDataset(photos)).rejects.toThrow('got another (files: ');
    await appendFile(join(folder, 'a', 'dataset.json'), '}');
    await expect(generateDataset(options('a'))).rejects.toThrow('its dataset.json is not JSON');
  });

  it('fails with one line where nothing can be written, and stops', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(generateDataset(options('file'))).rejects.toThrow(/^ENOTDIR: .*file'$/);
    await expect(generateDataset(options(join('file', 'a')))).rejects.toThrow(/^ENOTDIR: .*a'$/);
    await generateDataset(options('a'));
    await rm(join(folder, 'a', 'noisy', '000001.png'));
    await mkdir(join(folder, 'a', 'noisy', '000001.png', 'in the way'), { recursive: true });
    await rm(join(folder, 'a', 'preview.png'));
    await mkdir(join(folder, 'a', 'preview.png', 'in the way'), { recursive: true });
    await expect(generateDataset(options('a'))).rejects.toThrow(
      /not (written|a readable image)|expected a file, got a folder|EISDIR/,
    );
    await expect(generateDataset({ ...options('b'), workers: 0 })).rejects.toThrow(
      'workers: expected a positive whole number, got 0',
    );
  });
});
