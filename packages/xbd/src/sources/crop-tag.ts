import type { DamageCounts } from '../labels/damage-mask.ts';
import type { CropOptions } from './crop-options.ts';

/**
 * clean: no damage and nothing unknown. noisy: damage in the range asked for. other: damage beyond
 * the range. unknown: no damage that is known, but un-classified buildings, or damaged ones
 * somewhere in the place whose outlines are missing.
 */
export type CropTag = 'clean' | 'noisy' | 'other' | 'unknown';

/** The damage in a crop, which decides its noise and tag. */
interface CropContent {
  readonly counts: DamageCounts;
  readonly damagedBuildings: number;
}

interface TaggedContent extends CropContent {
  /** A damaged or un-classified building of the place has no outline: it may lie here. */
  readonly isDamageLost: boolean;
}

/** The noise of a crop by the measure asked for; 0 for no damage. */
export function noiseOf(
  { counts, damagedBuildings }: CropContent,
  { measure = 'building-pixels' }: CropOptions,
): number {
  if (measure === 'pixels') return counts.damaged / counts.pixels;
  if (measure === 'buildings') return damagedBuildings;
  const known = counts.building - counts.unknown;
  return known === 0 ? 0 : counts.damaged / known;
}

export function tagOf(
  { counts, damagedBuildings, isDamageLost }: TaggedContent,
  noise: number,
  { measure, noisyFrom = Number.MIN_VALUE, noisyTo = Infinity }: CropOptions,
): CropTag {
  // A building's centre may be in the crop, and its damaged pixels outside.
  const isDamaged = counts.damaged > 0 || (measure === 'buildings' && damagedBuildings > 0);
  if (isDamaged) return noise >= noisyFrom && noise <= noisyTo ? 'noisy' : 'other';
  return counts.unknown > 0 || isDamageLost ? 'unknown' : 'clean';
}
