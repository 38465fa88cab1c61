import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '@noisy-pairs/imaging';
import { damageMask } from './damage-mask.ts';
import { parseLabel } from './label.ts';
import type { XbdPair } from '../index/xbd-index.ts';

/** A shipped target beside the mask made from its label. */
export interface TargetComparison {
  /** The target, below the root. */
  readonly file: string;
  /** Pixels that are not the same, of those that are building in either. */
  readonly differing: number;
  readonly of: number;
}

/**
 * Compares the targets that were shipped with masks drawn as they were (un-classified buildings
 * left out).
 * @throws `PATH: ...` for a target that is no mask of the pair's size
 */
export async function compareTargets(
  root: string,
  pairs: readonly XbdPair[],
  onProgress?: (done: number, of: number) => void,
): Promise<TargetComparison[]> {
  const compared: TargetComparison[] = [];
  for (const [
    i,
    { preTarget, postTarget, preLabel, postLabel, width, height },
  ] of pairs.entries()) {
    for (const [target, label] of [
      [preTarget, preLabel],
      [postTarget, postLabel],
    ] as const) {
      if (target === null || label === null) continue;
      const file = join(root, target);
      const shipped = await readImage(file);
      if (shipped.channels !== 1 || shipped.width !== width || shipped.height !== height)
        throw new Error(
          `${file}: expected a mask of ${width} x ${height} pixels, got ${shipped.width} x ` +
            `${shipped.height} with ${shipped.channels} channels`,
        );
      const mask = damageMask(
        parseLabel(await readFile(join(root, label), 'utf8'), join(root, label)).buildings,
        width,
        height,
        'background',
      );
      let differing = 0;
      let of = 0;
      for (let k = 0; k < mask.data.length; k++) {
        if (mask.data[k] !== 0 || shipped.data[k] !== 0) of++;
        if (mask.data[k] !== shipped.data[k]) differing++;
      }
      compared.push({ file: target, differing, of });
    }
    onProgress?.(i + 1, pairs.length);
  }
  return compared;
}
