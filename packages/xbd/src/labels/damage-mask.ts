import type { Window } from '@noisy-pairs/geo';
import { createRaster, type Raster } from '@noisy-pairs/imaging';
import { fillPolygon } from './fill-polygon.ts';
import { damageValues, type Building, type Damage } from './label.ts';

/** Mask value, by default, of a building that nobody could classify. */
export const unknownValue = 255;

/**
 * How un-classified buildings are drawn: as unknown (255), as background (0, as in the official
 * target PNGs), or as intact (1).
 */
export type Unclassified = 'unknown' | 'background' | 'no-damage';

const unclassifiedValues: Readonly<Record<Unclassified, number>> = {
  unknown: unknownValue,
  background: 0,
  'no-damage': damageValues['no-damage'],
};

/**
 * Draws buildings as the official targets are made: vertices rounded to whole pixels (halves to
 * even), outlines filled with their boundary as OpenCV's fillPoly does, later buildings over
 * earlier ones; 0 background, 1 no damage .. 4 destroyed. A building without damage (of an image
 * before) is 1.
 */
export function damageMask(
  buildings: readonly Building[],
  width: number,
  height: number,
  unclassified: Unclassified = 'unknown',
): Raster {
  const mask = createRaster(width, height, 1);
  for (const { damage, polygons } of buildings) {
    const value = valueOf(damage, unclassified);
    for (const [outline] of polygons) {
      if (!outline) continue;
      const ring = Float64Array.from(outline, roundHalfToEven);
      fillPolygon([ring], mask.data, width, height, value);
    }
  }
  return mask;
}

function valueOf(damage: Damage = 'no-damage', unclassified: Unclassified): number {
  return damage === 'un-classified' ? unclassifiedValues[unclassified] : damageValues[damage];
}

/** As Python and numpy round. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Pixels of a window of a mask. */
export interface DamageCounts {
  readonly pixels: number;
  /** Those of all buildings. */
  readonly building: number;
  /** Those with minor damage or worse. */
  readonly damaged: number;
  readonly unknown: number;
}

export function countDamage(mask: Raster, { x, y, width, height }: Window): DamageCounts {
  let intact = 0;
  let damaged = 0;
  let unknown = 0;
  for (let row = y; row < y + height; row++) {
    for (let i = row * mask.width + x, end = i + width; i < end; i++) {
      const value = mask.data[i] as number;
      if (value === 0) continue;
      if (value === unknownValue) unknown++;
      else if (value === 1) intact++;
      else damaged++;
    }
  }
  return { pixels: width * height, building: intact + damaged + unknown, damaged, unknown };
}
