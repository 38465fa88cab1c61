import { stat } from 'node:fs/promises';
import type { Window } from '../window.ts';
import type { BlockCache } from './block-cache.ts';
import type { Directory } from './header/directory.ts';
import { openStructure } from './header/open-structure.ts';
import { openMasks } from './masks.ts';
import { openImage, readWindow } from './read-window.ts';
import type { Samples } from './samples.ts';
import type { TiffStructure } from './structure.ts';

/** A TIFF, read by windows. */
export interface Tiff {
  readonly structure: TiffStructure;
  /** For its geographic tags. */
  readonly directory: Directory;
  /**
   * Samples as they are in the file, interleaved: window.height rows of window.width pixels of
   * `bands`. The caller's.
   * @param bands which, from 0; default all
   * @throws `PATH: ...` for a window outside, or a block that does not decode
   */
  read(window: Window, bands?: readonly number[]): Promise<Samples>;
  /**
   * What the file's masks of transparency say: 0 for a pixel that holds nothing; undefined without
   * masks.
   * @throws as read
   */
  readMask(window: Window): Promise<Uint8Array | undefined>;
}

/**
 * Reads a TIFF's header. The file is open only while something is read, so there is nothing to
 * close.
 * @throws as openStructure
 */
export async function openTiff(path: string, cache: BlockCache): Promise<Tiff> {
  const { structure, directory, masks } = await openStructure(path);
  const { mtimeMs, size } = await stat(path);
  const key = `${path} ${mtimeMs} ${size}`;
  const image = await openImage(path, key, directory, structure, cache);
  const all = Array.from({ length: structure.samples }, (_, i) => i);
  return {
    structure,
    directory,
    read: (window, bands = all) => readWindow(image, window, bands),
    readMask: await openMasks(image, masks),
  };
}
