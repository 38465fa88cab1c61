import { ignoreLabel } from '@noisy-pairs/pairs';

/**
 * The class of each position of a feature map, by the mask under it: the most frequent class of the
 * pixels that have one; of equally frequent ones the lowest id. Pixels to be ignored have no vote,
 * but where they are more than half, so is the position. Position (i, j) lies over the pixels
 * i * stride .. (i + 1) * stride - 1 down, likewise across; at the right and lower rim it may be
 * cut.
 *
 * The one place where this is decided: the monitor during pretraining and the embedding page agree
 * by it.
 * @param mask [size, size] class ids or `ignoreLabel`
 * @param stride edge of a position in pixels, at least 1
 * @returns [ceil(size / stride), ceil(size / stride)] class ids or `ignoreLabel`, row by row
 */
export function positionClasses(mask: Uint8Array, size: number, stride: number): Uint8Array {
  const edge = Math.ceil(size / stride);
  const classes = new Uint8Array(edge * edge);
  const counts = new Uint32Array(256); // pixels of the position by mask value
  for (let position = 0; position < classes.length; position++) {
    const top = Math.floor(position / edge) * stride;
    const left = (position % edge) * stride;
    const bottom = Math.min(size, top + stride);
    const right = Math.min(size, left + stride);
    counts.fill(0);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const value = mask[y * size + x] as number;
        counts[value] = (counts[value] as number) + 1;
      }
    }
    classes[position] = mostFrequentClass(counts, (bottom - top) * (right - left));
  }
  return classes;
}

/** @param counts [256] pixels by mask value; its entry of `ignoreLabel` is cleared */
function mostFrequentClass(counts: Uint32Array, pixels: number): number {
  const ignored = counts[ignoreLabel] as number;
  if (2 * ignored > pixels) return ignoreLabel;
  counts[ignoreLabel] = 0;
  return counts.indexOf(Math.max(...counts)); // the first, so the lowest id
}
