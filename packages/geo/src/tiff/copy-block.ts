import type { Window } from '../window.ts';
import type { Samples } from './samples.ts';
import type { TiffStructure } from './structure.ts';

/** Whether these are all bands of blocks that hold all, in their order. */
export function isWhole({ planar, samples }: TiffStructure, bands: readonly number[]): boolean {
  return !planar && bands.length === samples && bands.every((band, i) => band === i);
}

/**
 * Copies the part of a block that lies in the window, band by band where bands lie apart.
 * @param out window.height x window.width x bands, written to
 */
export function copyBlock(
  structure: TiffStructure,
  block: number,
  values: Samples,
  window: Window,
  bands: readonly number[],
  out: Samples,
): void {
  const { samples, planar, blockWidth, blockHeight, blocksAcross, blocksDown } = structure;
  const inPlane = block % (blocksAcross * blocksDown);
  const plane = Math.floor(block / (blocksAcross * blocksDown));
  const x0 = (inPlane % blocksAcross) * blockWidth;
  const y0 = Math.floor(inPlane / blocksAcross) * blockHeight;
  const fromX = Math.max(x0, window.x);
  const toX = Math.min(x0 + blockWidth, window.x + window.width, structure.width);
  const fromY = Math.max(y0, window.y);
  const toY = Math.min(y0 + blockHeight, window.y + window.height, structure.height);
  const step = planar ? 1 : samples;
  const count = bands.length;
  const whole = isWhole(structure, bands);
  for (let y = fromY; y < toY; y++) {
    const from = ((y - y0) * blockWidth + (fromX - x0)) * step;
    const to = ((y - window.y) * window.width + (fromX - window.x)) * count;
    if (whole) {
      out.set(values.subarray(from, from + (toX - fromX) * step), to);
      continue;
    }
    for (const [i, band] of bands.entries()) {
      if (planar && band !== plane) continue;
      let a = from + (planar ? 0 : band);
      let b = to + i;
      for (let x = fromX; x < toX; x++, a += step, b += count) out[b] = values[a] as number;
    }
  }
}
