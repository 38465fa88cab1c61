import type { Placement } from '../../networks/network.ts';

/** Features along an edge of a view's map. @param viewSize V */
export const edgeOf = (viewSize: number, { stride }: Placement): number =>
  Math.ceil(viewSize / stride);

/**
 * Frames of views, made frames of their feature maps: a step by itself, after which feature i of an
 * edge of n lies at (i + 0.5) / n of its frame, as papers on dense contrast have it. The map covers
 * n blocks, moved up-left by the offset; that may be beyond the view.
 * @param frames [B, 6], see viewFrames
 * @param viewSize V, edge of the views in pixels
 */
export function featureFrames(
  frames: Float32Array,
  viewSize: number,
  placement: Placement,
): Float32Array {
  const scale = (edgeOf(viewSize, placement) * placement.stride) / viewSize;
  const shift = placement.offset / viewSize;
  // u = scale u' - shift, and v alike: a u + b v + c with scaled a and b, and a moved c
  return frames.map((number, i) => {
    if (i % 3 < 2) return number * scale;
    return number - shift * ((frames[i - 2] as number) + (frames[i - 1] as number));
  });
}
