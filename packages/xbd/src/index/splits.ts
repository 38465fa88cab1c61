import { Random } from '@noisy-pairs/imaging';
import type { XbdPair } from './index-file.ts';

/** Pairs by the release's own split: train, tier3, test, hold. @throws if a name has no pairs */
export function officialSplit(pairs: readonly XbdPair[], names: readonly string[]): XbdPair[] {
  const known = [...new Set(pairs.map(({ split }) => split))];
  for (const name of names)
    if (!known.includes(name))
      throw new Error(`split: expected one of ${known.join(', ')}, got ${name}`);
  return pairs.filter(({ split }) => names.includes(split));
}

/**
 * Pairs of all other disasters, and of the named ones.
 * @throws if a name has no pairs, or nothing is left
 */
export function holdOutEvents(
  pairs: readonly XbdPair[],
  disasters: readonly string[],
): { rest: XbdPair[]; held: XbdPair[] } {
  const known = [...new Set(pairs.map(({ disaster }) => disaster))].sort();
  for (const name of disasters)
    if (!known.includes(name))
      throw new Error(`disaster: expected one of ${known.join(', ')}, got ${name}`);
  const parts = {
    rest: pairs.filter(({ disaster }) => !disasters.includes(disaster)),
    held: pairs.filter(({ disaster }) => disasters.includes(disaster)),
  };
  if (parts.rest.length === 0)
    throw new Error(`disaster: expected some to be left, got all ${known.length} held out`);
  return parts;
}

/** Edge of the squares that are kept together, in degrees: about two kilometres. */
const square = 0.02;

/**
 * Parts of given shares, drawn by seed. Places of one event whose first buildings lie in one square
 * of 0.02 degrees stay together. Two neighbours on either side of a square's border, and a place
 * without a building, whose position the labels do not tell, are drawn apart: so a tile of one part
 * may lie beside one of another. `holdOutEvents` keeps parts apart for certain. No pair is in two
 * parts; a pair's part does not depend on which others there are.
 * @param shares of the parts, summing to at most 1
 */
export function randomSplit(
  pairs: readonly XbdPair[],
  shares: readonly number[],
  seed: number,
): XbdPair[][] {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.some((share) => !(share >= 0)) || sum > 1 + 1e-9)
    throw new Error(
      `shares: expected numbers from 0 that sum to at most 1, got ${shares.join(', ')}`,
    );
  const random = Random.from(seed).split('xbd split');
  const parts: XbdPair[][] = shares.map(() => []);
  for (const pair of pairs) {
    const group = pair.place
      ? `${pair.disaster} ${pair.place.map((degrees) => Math.floor(degrees / square)).join(' ')}`
      : `${pair.disaster} ${pair.stem}`;
    let position = random.split(group).uniform();
    const part = shares.findIndex((share) => (position -= share) < 0);
    parts[part]?.push(pair);
  }
  return parts;
}
