import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '@noisy-pairs/imaging';
import { damageMask } from '../labels/damage-mask.ts';
import { parseLabel } from '../labels/parse-label.ts';
import type { XbdPair } from './index-file.ts';

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
): Promise<TargetComparison[]> {
  const compared: TargetComparison[] = [];
  for (const { preTarget, postTarget, preLabel, postLabel, width, height } of pairs) {
    if (preTarget !== null && preLabel !== null)
      compared.push(await compareTarget(root, preTarget, preLabel, width, height));
    if (postTarget !== null)
      compared.push(await compareTarget(root, postTarget, postLabel, width, height));
  }
  return compared;
}

async function compareTarget(
  root: string,
  target: string,
  label: string,
  width: number,
  height: number,
): Promise<TargetComparison> {
  const file = join(root, target);
  const shipped = await readImage(file);
  if (shipped.channels !== 1 || shipped.width !== width || shipped.height !== height)
    throw new Error(
      `${file}: expected a mask of ${width} x ${height} pixels, got ${shipped.width} x ` +
        `${shipped.height} with ${shipped.channels} channels`,
    );
  const labelFile = join(root, label);
  const { buildings } = parseLabel(await readFile(labelFile, 'utf8'), labelFile);
  const mask = damageMask(buildings, width, height, 'background');
  let differing = 0;
  let of = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0 || shipped.data[i] !== 0) of++;
    if (mask.data[i] !== shipped.data[i]) differing++;
  }
  return { file: target, differing, of };
}
