import { join } from 'node:path';
import {
  createRaster,
  readImage,
  writeFileAtomic,
  writePng,
  type Raster,
} from '@noisy-pairs/imaging';
import { createGenerator } from '../generator.ts';
import { completeOptions, type CompleteVtsOptions, type VtsOptions } from '../options.ts';
import { openTextures } from '../textures/open-textures.ts';
import type { TextureSet } from '../textures/texture.ts';
import { claimFolder, fileName, folders } from './dataset-folder.ts';
import { manifest } from './manifest.ts';
import { contactSheet } from './preview.ts';

/** To be raised when the same parameters give other files. */
const VERSION = 2;
const PREVIEW_ROWS = 6;

export interface DatasetOptions extends VtsOptions {
  /** The folder; made if it is not there. One that holds part of the same data set is completed. */
  readonly out: string;
  /**
   * Images in the making at once (PNG files are compressed on libuv's threads); the files do not
   * depend on it. Default 4.
   */
  readonly workers?: number;
  /**
   * Called after each image, with the number of images done and how many of them were there
   * already.
   */
  readonly onProgress?: (done: number, kept: number) => void;
}

export interface MadeDataset {
  /** Images made, wholly or in part. */
  readonly made: number;
  /** Images that were there already. */
  readonly kept: number;
  /** Names in the texture folder that are no textures. */
  readonly leftOut: readonly string[];
}

/**
 * Writes clean/, noisy/, masks/ (class ids) and noise-masks/NNNNNN.png (0 or 255), manifest.jsonl,
 * dataset.json and preview.png. Each file is written under a temporary name and renamed, so files
 * that are there are whole and are kept.
 * @throws if an option or texture is unusable, or the folder cannot be written or holds something
 *   else or a data set of other parameters
 */
export async function generateDataset({
  out,
  workers = 4,
  onProgress,
  ...rest
}: DatasetOptions): Promise<MadeDataset> {
  const options = completeOptions(rest);
  if (options.nuisance)
    throw new Error('VTS data set: expected no nuisance, which is of pairs in memory, got some');
  if (!Number.isInteger(workers) || workers < 1)
    throw new Error(`workers: expected a positive whole number, got ${workers}`);
  const textures = await openTextures(options);
  const { length } = options;
  const present = await claimFolder(out, description(options, textures));

  let kept = 0;
  let done = 0;
  let next = 0;
  const work = async () => {
    const write = imageWriter(out, options, textures, present);
    for (let index = next++; index < length; index = next++) {
      if (!(await write(index))) kept++;
      onProgress?.(++done, kept);
    }
  };
  const startWork = () =>
    work().catch((error: unknown) => {
      next = length; // the others stop after the image at hand
      throw error;
    });
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(workers, length) }, startWork),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;

  await writeFileAtomic(join(out, 'manifest.jsonl'), manifest(options, textures));
  await writePng(join(out, 'preview.png'), await preview(out, Math.min(PREVIEW_ROWS, length)));
  return { made: length - kept, kept, leftOut: textures.leftOut ?? [] };
}

/** All that decides the files' contents: dataset.json. */
function description(
  options: CompleteVtsOptions,
  { classes, noiseClass, banks }: TextureSet,
): object {
  const isFolder = options.textures.kind === 'folder';
  return {
    format: 'noisy-pairs/vts',
    version: VERSION,
    ...options,
    classes,
    noiseClass,
    ...(isFolder && { files: banks.map((bank) => bank.files) }),
  };
}

/**
 * Draws an image and writes those of its files that are not there yet.
 * @param present file names by folder
 * @returns a function of the image's index, false if all its files were there; for one caller at a
 *   time
 */
function imageWriter(
  out: string,
  options: CompleteVtsOptions,
  textures: TextureSet,
  present: readonly ReadonlySet<string>[],
): (index: number) => Promise<boolean> {
  const { size } = options;
  const generate = createGenerator(options, textures);
  const clean = createRaster(size, size, 3);
  const noisy = createRaster(size, size, 3);
  const mask = createRaster(size, size, 1);
  const noiseMask = createRaster(size, size, 1);
  const canvas = {
    clean: clean.data,
    noisy: noisy.data,
    mask: mask.data,
    noiseMask: noiseMask.data,
  };
  const files = [clean, noisy, mask, noiseMask].map((raster, i) => ({
    raster,
    folder: join(out, folders[i] as string),
    names: present[i] as ReadonlySet<string>,
  }));
  return async (index) => {
    const name = fileName(index);
    const missing = files.filter(({ names }) => !names.has(name));
    if (missing.length === 0) return false;
    generate(index, canvas);
    await Promise.all(missing.map(({ raster, folder }) => writePng(join(folder, name), raster)));
    return true;
  };
}

/** The first images: clean, noisy and mask. */
async function preview(out: string, rows: number): Promise<Raster> {
  const read = (folder: (typeof folders)[number], index: number) =>
    readImage(join(out, folder, fileName(index)));
  const row = (index: number) =>
    Promise.all([read('clean', index), read('noisy', index), read('masks', index)]);
  return contactSheet(await Promise.all(Array.from({ length: rows }, (_, index) => row(index))));
}
