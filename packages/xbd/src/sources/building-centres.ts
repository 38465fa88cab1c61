import type { Window } from '@noisy-pairs/geo';
import type { Building } from '../labels/label.ts';

/** The centre of a building's bounding box, in pixels. */
export interface Centre {
  readonly x: number;
  readonly y: number;
  /** Minor damage or worse. */
  readonly damaged: boolean;
}

/** One centre; none for a building without an outline. */
export function centreOf({ polygons, damage }: Building): Centre[] {
  const outline = polygons[0]?.[0];
  if (!outline) return [];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < outline.length; i += 2) {
    left = Math.min(left, outline[i] as number);
    right = Math.max(right, outline[i] as number);
    top = Math.min(top, outline[i + 1] as number);
    bottom = Math.max(bottom, outline[i + 1] as number);
  }
  const damaged = damage !== undefined && damage !== 'no-damage' && damage !== 'un-classified';
  return [{ x: (left + right) / 2, y: (top + bottom) / 2, damaged }];
}

/** Buildings whose centres are in the window. */
export function countBuildings(
  centres: readonly Centre[],
  { x, y, width, height }: Window,
): { buildings: number; damagedBuildings: number } {
  const inside = centres.filter(
    (centre) => centre.x >= x && centre.x < x + width && centre.y >= y && centre.y < y + height,
  );
  return {
    buildings: inside.length,
    damagedBuildings: inside.filter(({ damaged }) => damaged).length,
  };
}
