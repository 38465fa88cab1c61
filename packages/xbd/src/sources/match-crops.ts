import type { XbdPair } from '../index/index-file.ts';
import type { Crop } from './crops.ts';

/** Crops that stand for others. */
export interface MatchedCrops {
  /** One for each that was to be matched, in their order, none twice. */
  readonly crops: readonly Crop[];
  /** How many of them are of the same event as what they stand for. */
  readonly sameEvent: number;
}

/** Share of a crop's pixels that are of buildings, 0..1. */
export const buildingShare = ({ counts }: Crop): number => counts.building / counts.pixels;

/**
 * For each crop in turn another one with the nearest building share: of the same event, so that
 * season and acquisition agree, or of any where the event has none left.
 * @param pairs the places that crops are of
 * @throws if there are fewer others than crops
 */
export function matchCrops(
  crops: readonly Crop[],
  others: readonly Crop[],
  pairs: readonly XbdPair[],
): MatchedCrops {
  if (others.length < crops.length)
    throw new Error(
      `xBD crops: expected at least ${crops.length} others to match ${crops.length}, got ` +
        `${others.length}`,
    );
  const eventOf = ({ pair }: Crop) => pairs[pair]?.disaster;
  const left = new Map<string | undefined, Crop[]>();
  for (const event of new Set(others.map(eventOf)))
    left.set(
      event,
      others.filter((other) => eventOf(other) === event),
    );
  let sameEvent = 0;
  const matched = crops.map((crop) => {
    const ofEvent = left.get(eventOf(crop)) ?? [];
    if (ofEvent.length > 0) sameEvent++;
    const match = nearest(crop, ofEvent.length > 0 ? ofEvent : [...left.values()].flat());
    const ofMatch = left.get(eventOf(match)) ?? [];
    ofMatch.splice(ofMatch.indexOf(match), 1);
    return match;
  });
  return { crops: matched, sameEvent };
}

/** The first of those that differ least in building share. @param others at least one */
function nearest(crop: Crop, others: readonly Crop[]): Crop {
  const distance = (other: Crop) => Math.abs(buildingShare(other) - buildingShare(crop));
  return others.reduce((best, other) => (distance(other) < distance(best) ? other : best));
}
