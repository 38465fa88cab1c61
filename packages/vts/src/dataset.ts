import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRaster, readImage, writeFileAtomic, writePng, type Raster } from '@noisy-pairs/imaging';
import { createGenerator } from './generator.ts';
import type { Layout } from './layout.ts';
import { completeOptions, type CompleteVtsOptions, type VtsOptions } from './options.ts';
import { contactSheet } from './preview.ts';
import { openTextures, type TextureSet } from './textures.ts';

/** Of the folder's layout and of what images depend on. */
const VERSION = 1;
const folders = ['clean', 'noisy', 'masks', 'noise-masks'] as const;
const PREVIEW_ROWS = 6;

export interface DatasetOptions extends VtsOptions {
  /** The folder; made if it is not there. One that holds part of the same data set is completed. */
  readonly out: string;
  /** Images in the making at once; the files do not depend on it. Default 4. */
  readonly workers?: number;
  /** Called after each image, with the number of images done and how many of them were there already. */
  readonly onProgress?: (done: number, kept: number) => void;
}

/**
 * Writes clean/, noisy/, masks/ and noise-masks/NNNNNN.png, manifest.jsonl, dataset.json and preview.png. Each file is written
 * under a temporary name and renamed, so files that are there are whole and are kept.
 * @returns how many images were made and how many were there already
 * @throws if an option or texture is unusable, or the folder cannot be written or holds something else or a data set of other parameters
 */
export async function generateDataset({ out, workers = 4, onProgress, ...rest }: DatasetOptions): Promise<{ made: number; kept: number }> {
  const options = completeOptions(rest);
  if (!Number.isInteger(workers) || workers < 1) throw new Error(`workers: expected a positive whole number, got ${workers}`);
  const textures = await openTextures(options);
  await claimFolder(out, options, textures);

  let kept = 0, done = 0, next = 0;
  const lines = new Array<string>(options.length);
  const work = async () => {
    const { size } = options;
    const generate = createGenerator(options, textures);
    const clean = createRaster(size, size, 3), noisy = createRaster(size, size, 3), mask = createRaster(size, size, 1), noiseMask = createRaster(size, size, 1);
    for (let index = next++; index < options.length; index = next++) {
      const name = `${String(index).padStart(6, '0')}.png`;
      const layout = generate(index, { clean: clean.data, noisy: noisy.data, mask: mask.data, noiseMask: noiseMask.data });
      lines[index] = manifestLine(index, layout, textures);
      const missing = [clean, noisy, mask, noiseMask].map((raster, i) => ({ raster, path: join(out, folders[i] ?? '', name) })).filter(({ path }) => !existsSync(path));
      await Promise.all(missing.map(({ raster, path }) => writePng(path, raster)));
      if (missing.length === 0) kept++;
      onProgress?.(++done, kept);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, options.length) }, work));
  await writeFileAtomic(join(out, 'manifest.jsonl'), `${lines.join('\n')}\n`);
  await writePng(join(out, 'preview.png'), await preview(out, options, textures));
  return { made: options.length - kept, kept };
}

/** Everything that decides the files; JSON. */
function describe(options: CompleteVtsOptions, textures: TextureSet): string {
  return `${JSON.stringify({ format: 'noisy-pairs/vts', version: VERSION, ...options, classes: textures.classes, noiseClass: textures.noiseClass }, null, 2)}\n`;
}

/** Makes the folder this data set's, or finds that it is. */
async function claimFolder(out: string, options: CompleteVtsOptions, textures: TextureSet): Promise<void> {
  const description = join(out, 'dataset.json');
  const wanted = describe(options, textures);
  if (existsSync(description)) {
    const found = await readFile(description, 'utf8');
    if (found !== wanted) throw new Error(`${out}: expected a data set of the same parameters, got another (${firstDifference(found, wanted)}); choose another --out folder`);
  } else if (existsSync(out) && (await readdir(out)).length > 0) {
    throw new Error(`${out}: expected an empty folder or a VTS data set, got a folder with other files`);
  }
  await mkdir(out, { recursive: true });
  await access(out, constants.W_OK);
  await writeFileAtomic(description, wanted);
  for (const folder of folders) await mkdir(join(out, folder), { recursive: true });
}

function firstDifference(found: string, wanted: string): string {
  try {
    const [there, here] = [found, wanted].map((text) => JSON.parse(text) as Record<string, unknown>) as [Record<string, unknown>, Record<string, unknown>];
    const name = Object.keys({ ...there, ...here }).find((key) => JSON.stringify(there[key]) !== JSON.stringify(here[key])) ?? 'layout';
    return `${name}: ${JSON.stringify(there[name])} there, ${JSON.stringify(here[name])} asked for`;
  } catch {
    return 'its dataset.json is not readable';
  }
}

function manifestLine(index: number, { sites, classes, noiseOrder, noisyCells, crops }: Layout, { classes: names, noiseClass, banks }: TextureSet): string {
  const pairs = Array.from({ length: sites.length / 2 }, (_, i) => [sites[2 * i], sites[2 * i + 1]]);
  return JSON.stringify({
    index,
    sites: pairs,
    classes: [...classes],
    noisyCells: [...noiseOrder.subarray(0, noisyCells)].sort((a, b) => a - b),
    crops: crops.map(({ texture, ...crop }, i) => ({ class: names[i] ?? noiseClass, texture: banks[i]?.get(texture).name, ...crop })),
  });
}

async function preview(out: string, options: CompleteVtsOptions, textures: TextureSet): Promise<Raster> {
  const rows = [];
  for (let index = 0; index < Math.min(PREVIEW_ROWS, options.length); index++) {
    const name = `${String(index).padStart(6, '0')}.png`;
    rows.push(await Promise.all((['clean', 'noisy', 'masks'] as const).map((folder) => readImage(join(out, folder, name)))));
  }
  return contactSheet(rows, textures.classes.length);
}
