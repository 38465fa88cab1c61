import { join } from 'node:path';
import type { BlockCache, Window } from '@noisy-pairs/geo';
import type { FolderPair, PixelRules } from '../index/folder-index.ts';
import { changeLabels, imageLabels } from './mask-labels.ts';
import { readMaskValues } from './mask-values.ts';

/** Which mask of a pair. */
export type MaskRole = 'change' | 'firstMask' | 'secondMask';

/**
 * Labels of a window of a pair's mask, row by row; undefined where the pair has none.
 * @throws `PATH: ...` if the mask cannot be read by the rules
 */
export type ReadLabels = (
  pair: FolderPair,
  role: MaskRole,
  window: Window,
) => Promise<Uint8Array | undefined>;

/** Reads masks of pairs below a root; decoded ones are kept in the cache. */
export function openLabels(root: string, rules: PixelRules, cache: BlockCache): ReadLabels {
  const whole = async (pair: FolderPair, role: MaskRole, file: string) => {
    const path = join(root, file);
    const mask = await readMaskValues(path);
    const { width, height } = pair;
    if (mask.width < width || mask.height < height)
      throw new Error(
        `${path}: expected a mask of ${width} x ${height}, got ${mask.width} x ${mask.height}`,
      );
    const labels = (role === 'change' ? changeLabels : imageLabels)(mask, rules, path);
    return cut(labels, mask.width, { x: 0, y: 0, width, height });
  };
  return async (pair, role, window) => {
    const file = pair[role];
    if (file === null) return undefined;
    const labels = await cache.get(`${role} ${file}`, 0, () => whole(pair, role, file));
    return cut(labels as Uint8Array, pair.width, window);
  };
}

function cut(labels: Uint8Array, width: number, window: Window): Uint8Array<ArrayBuffer> {
  const part = new Uint8Array(window.width * window.height);
  for (let row = 0; row < window.height; row++) {
    const from = (window.y + row) * width + window.x;
    part.set(labels.subarray(from, from + window.width), row * window.width);
  }
  return part;
}
