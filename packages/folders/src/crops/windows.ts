import type { Window } from '@noisy-pairs/geo';
import type { FolderPair } from '../index/folder-index.ts';
import type { CropOptions } from './crop.ts';

/** @throws naming the option out of range */
export function checkCropOptions({ size, stride = size, mostNodata = 0.1 }: CropOptions): void {
  if (!Number.isInteger(size) || size < 0)
    throw new Error(`crops: size: expected a whole number from 0, got ${size}`);
  if (!Number.isInteger(stride) || (stride < 1 && size > 0))
    throw new Error(`crops: stride: expected a positive whole number, got ${stride}`);
  if (!(mostNodata >= 0 && mostNodata <= 1))
    throw new Error(`crops: mostNodata: expected a share in 0..1, got ${mostNodata}`);
}

/**
 * The edge of crops.
 * @throws naming a pair, if whole images are asked for and one is no square or of another size
 */
export function edgeOf(pairs: readonly FolderPair[], size: number): number {
  if (size > 0) return size;
  const [one] = pairs;
  const other = pairs.find(({ width, height }) => width !== one?.width || height !== one.width);
  if (!one || !other) return one?.width ?? 0;
  const expected = `squares of one size, as ${one.name} of ${one.width} x ${one.height}`;
  throw new Error(
    `crops: expected ${expected}, for whole images, got ${other.name} of ${other.width} x ` +
      `${other.height}; give --size`,
  );
}

/** Squares side by side or by the stride, row by row, from the upper left. */
export function windowsOf({ width, height }: FolderPair, edge: number, stride: number): Window[] {
  const windows: Window[] = [];
  for (let y = 0; y + edge <= height; y += stride)
    for (let x = 0; x + edge <= width; x += stride)
      windows.push({ x, y, width: edge, height: edge });
  return windows;
}
