import { stat } from 'node:fs/promises';
import type { Window } from '../window.ts';
import { readDirectories, type Directory } from './header/directory.ts';
import { structureOf } from './header/open-structure.ts';
import { wantedTags } from './header/tags.ts';
import { openImage, readWindow, type OpenedImage } from './read-window.ts';

/**
 * Opens an image's masks of transparency: those in its file, and PATH.msk beside it, as GDAL keeps
 * them.
 * @throws `PATH: ...` for a mask of another size, or that is not read
 */
export async function openMasks(
  image: OpenedImage,
  directories: readonly Directory[],
): Promise<(window: Window) => Promise<Uint8Array | undefined>> {
  const masks: OpenedImage[] = [];
  for (const [i, directory] of directories.entries())
    masks.push(await openMask(image, image.path, `mask ${i} ${image.key}`, directory));
  const beside = `${image.path}.msk`;
  const found = await stat(beside).catch(() => undefined);
  if (found) {
    const { main } = await readDirectories(beside, wantedTags);
    masks.push(await openMask(image, beside, `${beside} ${found.mtimeMs} ${found.size}`, main));
  }
  return async (window) => {
    let all: Uint8Array | undefined;
    for (const mask of masks) {
      const one = await readMask(mask, window);
      all = all?.map((value, i) => value && (one[i] as number)) ?? one;
    }
    return all;
  };
}

async function openMask(
  { structure, cache }: OpenedImage,
  path: string,
  key: string,
  directory: Directory,
): Promise<OpenedImage> {
  const mask = structureOf(directory, path);
  if (mask.width !== structure.width || mask.height !== structure.height)
    throw new Error(
      `${path}: expected a mask of ${structure.width} x ${structure.height} pixels, got ` +
        `${mask.width} x ${mask.height}`,
    );
  return openImage(path, key, directory, mask, cache);
}

/** 1 for a pixel that any band of the mask shows, else 0. */
async function readMask(mask: OpenedImage, window: Window): Promise<Uint8Array> {
  const { samples } = mask.structure;
  const bands = Array.from({ length: samples }, (_, i) => i);
  const values = await readWindow(mask, window, bands);
  const shown = new Uint8Array(window.width * window.height);
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) shown[Math.floor(i / samples)] = 1;
  return shown;
}
