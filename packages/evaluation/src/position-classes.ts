import { ignoreLabel } from '@noisy-pairs/pairs';

/** Where positions of a feature map lie in its image, as an encoder's `placement` has it. */
interface Placement {
  /** Edge of a position in pixels, at least 1. */
  readonly stride: number;
  /** How far up-left positions are moved, in pixels: a multiple of a half. */
  readonly offset: number;
}

/**
 * The class of each position of a feature map, by the mask under it: the class that covers most of
 * it; of those that cover the same the lowest id. Pixels to be ignored have no vote, but where they
 * cover more than half, so is the position. Position i lies over `stride` pixels from i * stride -
 * offset on (the outer two by half where the offset is 3.5), down and across; what of it is outside
 * the image is cut off.
 *
 * The one place where this is decided: the monitor during pretraining and the embedding page agree
 * by it.
 * @param mask [size, size] class ids or `ignoreLabel`
 * @returns [ceil(size / stride), ceil(size / stride)] class ids or `ignoreLabel`, row by row
 */
export function positionClasses(
  mask: Uint8Array,
  size: number,
  { stride, offset }: Placement,
): Uint8Array {
  const edge = Math.ceil(size / stride);
  const spans = Array.from({ length: edge }, (_, i) => spanOf(i * stride - offset, stride, size));
  const classes = new Uint8Array(edge * edge);
  const areas = new Float64Array(256); // of the position, by mask value
  for (let position = 0; position < classes.length; position++) {
    const down = spans[Math.floor(position / edge)] as Span;
    const across = spans[position % edge] as Span;
    areas.fill(0);
    for (const [j, height] of down.shares.entries()) {
      for (const [i, width] of across.shares.entries()) {
        const value = mask[(down.start + j) * size + across.start + i] as number;
        areas[value] = (areas[value] as number) + height * width;
      }
    }
    classes[position] = largestClass(areas);
  }
  return classes;
}

/** Pixels along an axis, from `start` on, and how much of each counts, 0..1. */
interface Span {
  readonly start: number;
  readonly shares: readonly number[];
}

/** The pixels between two points of an axis of `size` pixels. */
function spanOf(from: number, length: number, size: number): Span {
  const low = Math.max(0, from);
  const high = Math.min(size, from + length);
  const start = Math.floor(low);
  const shares = Array.from({ length: Math.ceil(high) - start }, (_, i) => {
    return Math.min(high, start + i + 1) - Math.max(low, start + i);
  });
  return { start, shares };
}

/** @param areas [256] by mask value; its entry of `ignoreLabel` is cleared */
function largestClass(areas: Float64Array): number {
  const ignored = areas[ignoreLabel] as number;
  const all = areas.reduce((sum, area) => sum + area, 0);
  if (2 * ignored > all) return ignoreLabel;
  areas[ignoreLabel] = 0;
  return areas.indexOf(Math.max(...areas)); // the first, so the lowest id
}
