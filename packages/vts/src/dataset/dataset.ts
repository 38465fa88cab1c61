import { join } from 'node:path';
import {
  createRaster,
  readImage,
  writeFileAtomic,
  writePng,
  type Raster,
} from '@noisy-pairs/imaging';
import { claimFolder, fileName, folders } from './dataset-folder.ts';
import { createGenerator } from '../generator.ts';
import { manifest } from './manifest.ts';
import { completeOptions, type VtsOptions } from '../options.ts';
import { contactSheet } from './preview.ts';
import { openTextures } from '../textures/textures.ts';

/**
 * Of the folder's layout and of what images depend on; to be raised when the same parameters give
 * other files.
 */
const VERSION = 1;
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

/**
 * Writes clean/, noisy/, masks/ (class ids) and noise-masks/NNNNNN.png (0 or 255), manifest.jsonl,
 * dataset.json and preview.png. Each file is written under a temporary name and renamed, so files
 * that are there are whole and are kept.
 * @returns how many images were made, wholly or in part, and how many were there already
 * @throws if an option or texture is unusable, or the folder cannot be written or holds something
 *   else or a data set of other parameters
 */
export async function generateDataset({
  out,
  workers = 4,
  onProgress,
  ...rest
}: DatasetOptions): Promise<{ made: number; kept: number }> {
  const options = completeOptions(rest);
  if (!Number.isInteger(workers) || workers < 1)
    throw new Error(`workers: expected a positive whole number, got ${workers}`);
  const textures = await openTextures(options);
  const { size, length } = options;
  const { classes, noiseClass, banks } = textures;
  const files =
    options.textures.kind === 'folder' ? { files: banks.map((bank) => bank.files) } : {};
  const present = await claimFolder(out, {
    format: 'noisy-pairs/vts',
    version: VERSION,
    ...options,
    classes,
    noiseClass,
    ...files,
  });

  let kept = 0;
  let done = 0;
  let next = 0;
  const work = async () => {
    const generate = createGenerator(options, textures);
    const rasters = [
      createRaster(size, size, 3),
      createRaster(size, size, 3),
      createRaster(size, size, 1),
      createRaster(size, size, 1),
    ] as const;
    const [clean, noisy, mask, noiseMask] = rasters;
    for (let index = next++; index < length; index = next++) {
      const name = fileName(index);
      const missing = rasters
        .map((raster, i) => ({
          raster,
          folder: folders[i] as string,
          there: present[i]?.has(name),
        }))
        .filter(({ there }) => !there);
      if (missing.length === 0) kept++;
      else {
        generate(index, {
          clean: clean.data,
          noisy: noisy.data,
          mask: mask.data,
          noiseMask: noiseMask.data,
        });
        await Promise.all(
          missing.map(({ raster, folder }) => writePng(join(out, folder, name), raster)),
        );
      }
      onProgress?.(++done, kept);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(workers, length) }, () =>
      work().catch((error: unknown) => {
        next = length; // the others stop after the image at hand
        throw error;
      }),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;

  await writeFileAtomic(join(out, 'manifest.jsonl'), manifest(options, textures));
  await writePng(join(out, 'preview.png'), await preview(out, Math.min(PREVIEW_ROWS, length)));
  return { made: length - kept, kept };
}

async function preview(out: string, rows: number): Promise<Raster> {
  const read = (folder: (typeof folders)[number], index: number) =>
    readImage(join(out, folder, fileName(index)));
  return contactSheet(
    await Promise.all(
      Array.from({ length: rows }, (_, index) =>
        Promise.all([read('clean', index), read('noisy', index), read('masks', index)]),
      ),
    ),
  );
}
