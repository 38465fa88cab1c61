import { createRaster, type Raster } from '@noisy-pairs/imaging';
import { damageValues, type Building } from './label.ts';
import type { Window } from './tile.ts';

/**
 * Draws buildings as class ids: 0 background, 1 no damage .. 4 destroyed, 255 un-classified. A pixel belongs to a building if its centre (x + 0.5, y + 0.5)
 * is inside by the even-odd rule, so holes stay open; where buildings overlap, the later one is drawn over the earlier.
 */
export function damageMask(buildings: readonly Building[], width: number, height: number): Raster {
  const mask = createRaster(width, height, 1);
  const crossings: number[] = [];
  for (const { damage, rings } of buildings) {
    let top = Infinity, bottom = -Infinity;
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i += 2) {
        top = Math.min(top, ring[i] as number);
        bottom = Math.max(bottom, ring[i] as number);
      }
    }
    for (let row = Math.max(0, Math.floor(top - 0.5)); row < Math.min(height, Math.ceil(bottom + 0.5)); row++) {
      const y = row + 0.5;
      crossings.length = 0;
      for (const ring of rings) {
        const n = ring.length / 2;
        for (let i = 0; i < n; i++) {
          const j = (i + 1) % n;
          const [x0, y0, x1, y1] = [ring[2 * i], ring[2 * i + 1], ring[2 * j], ring[2 * j + 1]] as [number, number, number, number];
          if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0));
        }
      }
      crossings.sort((a, b) => a - b);
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        // Centres in [from, to).
        const from = Math.max(0, Math.ceil((crossings[k] as number) - 0.5)), to = Math.min(width, Math.ceil((crossings[k + 1] as number) - 0.5));
        if (to > from) mask.data.fill(damageValues[damage], row * width + from, row * width + to);
      }
    }
  }
  return mask;
}

/** Of a window's pixels: how many are building, and the share of those (un-classified ones left out) with minor damage or worse; 0 without buildings. */
export function damageOf(mask: Raster, { x, y, width, height }: Window): { buildingPixels: number; unclassifiedPixels: number; damageShare: number } {
  let intact = 0, damaged = 0, unclassified = 0;
  for (let row = y; row < y + height; row++) {
    for (let i = row * mask.width + x, end = i + width; i < end; i++) {
      const value = mask.data[i] as number;
      if (value === 255) unclassified++;
      else if (value === 1) intact++;
      else if (value > 1) damaged++;
    }
  }
  return { buildingPixels: intact + damaged + unclassified, unclassifiedPixels: unclassified, damageShare: damaged === 0 ? 0 : damaged / (intact + damaged) };
}
