import { join } from 'node:path';
import { readMaskPng } from '@noisy-pairs/geo';
import { readRegularFile } from '@noisy-pairs/imaging';
import { damageMask } from '../labels/damage-mask.ts';
import { readLabel } from '../labels/label-text.ts';
import type { XbdPair } from './index-file.ts';

/** A shipped target beside the mask made from its label. */
export interface TargetComparison {
  /** The target, below the root. */
  readonly file: string;
  /** The fault of a target that could not be compared; undefined if it was. */
  readonly problem?: string;
  /** Pixels that are not the same, of those that are building in either. */
  readonly differing: number;
  readonly of: number;
}

/**
 * Compares the targets that were shipped with masks drawn as they were (un-classified buildings
 * left out). One that is no mask of the pair's size, or whose label cannot be read, is named with
 * the reason, and the others go on.
 */
export async function compareTargets(
  root: string,
  pairs: readonly XbdPair[],
): Promise<TargetComparison[]> {
  const compared: TargetComparison[] = [];
  for (const { preTarget, postTarget, preLabel, postLabel, width, height } of pairs) {
    if (preTarget !== null && preLabel !== null)
      compared.push(await tryTarget(root, preTarget, preLabel, width, height));
    if (postTarget !== null)
      compared.push(await tryTarget(root, postTarget, postLabel, width, height));
  }
  return compared;
}

async function tryTarget(
  root: string,
  target: string,
  label: string,
  width: number,
  height: number,
): Promise<TargetComparison> {
  try {
    return await compareTarget(root, target, label, width, height);
  } catch (error) {
    const { message } = error as Error;
    const problem = message.replace(`${join(root, target)}: `, '');
    return { file: target, problem, differing: 0, of: 0 };
  }
}

/** @throws `PATH: ...` for a target that is no mask of the pair's size */
async function compareTarget(
  root: string,
  target: string,
  label: string,
  width: number,
  height: number,
): Promise<TargetComparison> {
  const file = join(root, target);
  const shipped = readMaskPng(await readRegularFile(file), width, height, file);
  const { buildings } = await readLabel(join(root, label));
  const mask = damageMask(buildings, width, height, 'background');
  let differing = 0;
  let of = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0 || shipped.data[i] !== 0) of++;
    if (mask.data[i] !== shipped.data[i]) differing++;
  }
  return { file: target, differing, of };
}
