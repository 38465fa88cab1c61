import type { ViewBatch } from './view-batch.ts';

/** Numbers a view. */
const frameNumbers = 6;

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
    const box = boxes.subarray(4 * i, 4 * i + 4);
    const [y0, x0, y1, x1] = box as unknown as [number, number, number, number];
    const quarters = turns[i] as 0 | 1 | 2 | 3;
    // Backwards: flips were last, quarter turns before them, the crop first.
    const inImage = (u: number, v: number) => {
      const s = flips[2 * i] === 1 ? 1 - u : u;
      const t = flips[2 * i + 1] === 1 ? 1 - v : v;
      const [p, q] = unturned(s, t, quarters);
      return [x0 + p * (x1 - x0), y0 + q * (y1 - y0)] as const;
    };
    // c and f at (0, 0), a and d more at (1, 0), b and e more at (0, 1)
    const [c, f] = inImage(0, 0);
    const [ac, df] = inImage(1, 0);
    const [bc, ef] = inImage(0, 1);
    frames.set([ac - c, bc - c, c, df - f, ef - f, f], frameNumbers * i);
  }
  return frames;
}

/** Where a point of an image that was turned counter-clockwise had been. */
function unturned(s: number, t: number, quarters: 0 | 1 | 2 | 3): readonly [number, number] {
  const before = [
    [s, t],
    [1 - t, s],
    [1 - s, 1 - t],
    [t, 1 - s],
  ] as const;
  return before[quarters];
}
