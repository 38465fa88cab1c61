import { readFile } from 'node:fs/promises';
import { damageMask, damageOf } from './damage-mask.ts';
import type { XbdPair } from './index-folder.ts';
import { parseLabel } from './label.ts';
import type { Window } from './tile.ts';

const TILE = 1024;

/** A window of a place before and after, and how noisy that makes the pair. */
export interface PairWindow {
  readonly pair: XbdPair;
  readonly window: Window;
  /** Share of the building pixels with minor damage or worse. */
  readonly damageShare: number;
  readonly kind: 'clean' | 'noisy';
}

export interface PairWindowOptions {
  /** Edge of a window in pixels; windows lie side by side, from the upper left. */
  readonly size: number;
  /** From this share of damaged building pixels on a pair is noisy. Default: any at all. */
  readonly noisyFrom?: number;
  /** Windows with fewer building pixels than this are left out, and counted. Default 0. */
  readonly leastBuildingPixels?: number;
  /** Edge of a tile. Default 1024, as all of xBD. */
  readonly tileSize?: number;
}

/**
 * Damage-mask-aware pairing: cuts tiles into windows, and tags each as clean (no damage, or below the threshold) or noisy, by the label of the image after.
 * Windows in which nobody could classify any building are left out, as nothing is known of them.
 */
export async function pairWindows(pairs: readonly XbdPair[], { size, noisyFrom = Number.MIN_VALUE, leastBuildingPixels = 0, tileSize = TILE }: PairWindowOptions): Promise<{ windows: PairWindow[]; leftOut: number }> {
  if (!Number.isInteger(size) || size < 1 || size > tileSize) throw new Error(`window size: expected a whole number in 1..${tileSize}, got ${size}`);
  if (!(noisyFrom > 0 && noisyFrom <= 1)) throw new Error(`noisyFrom: expected a number above 0 and up to 1, got ${noisyFrom}`);
  const windows: PairWindow[] = [];
  let leftOut = 0;
  for (const pair of pairs) {
    const mask = damageMask(parseLabel(await readFile(pair.label, 'utf8'), pair.label), tileSize, tileSize);
    for (let y = 0; y + size <= tileSize; y += size) {
      for (let x = 0; x + size <= tileSize; x += size) {
        const window = { x, y, width: size, height: size };
        const { buildingPixels, unclassifiedPixels, damageShare } = damageOf(mask, window);
        const unknown = buildingPixels > 0 && unclassifiedPixels === buildingPixels;
        if (buildingPixels < leastBuildingPixels || unknown) leftOut++;
        else windows.push({ pair, window, damageShare, kind: damageShare >= noisyFrom ? 'noisy' : 'clean' });
      }
    }
  }
  return { windows, leftOut };
}
