import { join } from 'node:path';
import { ignoreLabel } from '@noisy-pairs/pairs';
import { shareOfChange } from '../crops/share-of-change.ts';
import { changeLabels, distinct, imageLabels } from '../pixels/mask-labels.ts';
import { readMaskValues, type MaskValues } from '../pixels/mask-values.ts';
import type { MaskRole } from '../pixels/open-labels.ts';
import type { MaskClass } from './folder-index.ts';

/** What a mask holds. */
export interface CheckedMask {
  readonly changedShare: number | null;
  /** The same if 255 is "not known". */
  readonly shareWithout255: number | null;
  /** Whether it has 0, 1 and 255, so that 255 is "not known" in all masks. */
  readonly tells255: boolean;
  readonly wasCut: boolean;
}

/**
 * @param role a mask of an image has no share of change
 * @throws `FILE: ...`, below the root, if it cannot be read by the rules
 */
export async function checkMask(
  root: string,
  file: string,
  role: MaskRole,
  size: { readonly width: number; readonly height: number },
  { classes, fit }: { readonly classes: MaskClass[] | null; readonly fit: 'crop' | undefined },
): Promise<CheckedMask> {
  const mask = await readMaskValues(join(root, file));
  const isSame = mask.width === size.width && mask.height === size.height;
  const isLarger = mask.width >= size.width && mask.height >= size.height;
  if (!isSame && !(fit === 'crop' && isLarger))
    throw new Error(
      `${file}: expected a mask of ${size.width} x ${size.height}, got ${mask.width} x ` +
        `${mask.height}`,
    );
  const share = (ignores255: boolean) => {
    const rules = { classes, ignores255 };
    if (role !== 'change') {
      imageLabels(mask, rules, file);
      return null;
    }
    return shareOfChange(cut(changeLabels(mask, rules, file), mask.width, size));
  };
  const values = distinct(mask);
  const changedShare = share(false);
  return {
    changedShare,
    shareWithout255: values.includes(ignoreLabel) ? share(true) : changedShare,
    tells255: values.join() === '0,1,255',
    wasCut: mask.wasCut,
  };
}

function cut(
  labels: Uint8Array,
  stride: number,
  { width, height }: Pick<MaskValues, 'width' | 'height'>,
): Uint8Array {
  if (stride === width && labels.length === width * height) return labels;
  const part = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    part.set(labels.subarray(y * stride, y * stride + width), y * width);
  return part;
}
