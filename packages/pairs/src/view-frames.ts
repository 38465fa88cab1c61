import type { ViewBatch } from './view-batch.ts';

/** Numbers a view. */
export const frameNumbers = 6;

/**
 * Where views lie in their images, for methods that must know which of their pixels show the same
 * place.
 * @returns [B, 6] rows a, b, c, d, e, f: the point (u, v) of a view, 0..1 from its upper left, is
 *   the image's point (x, y) = (a u + b v + c, d u + e v + f), 0..1 from its upper left
 */
export function viewFrames({
  boxes,
  turns,
  flips,
}: Pick<ViewBatch, 'boxes' | 'turns' | 'flips'>): Float32Array {
  const frames = new Float32Array(turns.length * frameNumbers);
  for (let i = 0; i < turns.length; i++) {
    const [y0, x0, y1, x1] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const inCrop = (u: number, v: number) => {
      // Backwards: flips were last, quarter turns (counter-clockwise) before them, the crop first.
      const s = flips[2 * i] === 1 ? 1 - u : u;
      const t = flips[2 * i + 1] === 1 ? 1 - v : v;
      const [p, q] = (
        [
          [s, t],
          [1 - t, s],
          [1 - s, 1 - t],
          [t, 1 - s],
        ] as const
      )[turns[i] as number as 0 | 1 | 2 | 3];
      return [x0 + p * (x1 - x0), y0 + q * (y1 - y0)] as const;
    };
    const [c, f] = inCrop(0, 0);
    const [alongU, alongV] = [inCrop(1, 0), inCrop(0, 1)];
    frames.set(
      [alongU[0] - c, alongV[0] - c, c, alongU[1] - f, alongV[1] - f, f],
      frameNumbers * i,
    );
  }
  return frames;
}
