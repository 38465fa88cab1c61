import type { LeftOut } from '../index/folder-index.ts';
import type { NamedImage } from './found.ts';

/** An image in the part of a first or a second one. */
export interface Candidate {
  readonly image: NamedImage;
  readonly side: 0 | 1;
  /** The same of two partners. */
  readonly key: string;
}

/** Partners, and what found none. */
export interface Twins {
  readonly pairs: readonly (readonly [first: Candidate, second: Candidate])[];
  readonly single: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
}

/** Partners by their keys, in order of the first ones. */
export function twins(candidates: readonly Candidate[]): Twins {
  const byKey = new Map<string, [first?: Candidate, second?: Candidate]>();
  const leftOut: LeftOut[] = [];
  for (const candidate of candidates) {
    const key = candidate.key.normalize('NFC'); // an umlaut is written in two ways
    const slots = byKey.get(key) ?? [];
    byKey.set(key, slots);
    const taken = slots[candidate.side];
    if (taken) leftOut.push(...allLeftOut(candidate.image, `its partner has ${taken.image.path}`));
    else slots[candidate.side] = candidate;
  }
  const pairs: [Candidate, Candidate][] = [];
  const single: Candidate[] = [];
  for (const [first, second] of byKey.values()) {
    if (first && second) pairs.push([first, second]);
    else single.push(...[first, second].filter((one) => one !== undefined));
  }
  return { pairs, single, leftOut };
}

/** An image's files, all for one reason. */
export const allLeftOut = ({ files, otherBands }: NamedImage, reason: string): LeftOut[] =>
  [...files, ...otherBands].map((path) => ({ path, reason }));
