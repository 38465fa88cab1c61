import { Random } from '@noisy-pairs/imaging';
import type { FolderPairing } from '@noisy-pairs/folders';
import type { ScoredCrop } from './scored-crops.ts';

/** Pairs of one arm. */
export interface ChosenCrops {
  readonly crops: readonly ScoredCrop[];
  readonly pairing: FolderPairing;
  /** Share of the pairs whose second image is another place's. */
  readonly mismatchedShare: number;
  /** Numbers and shares that describe them. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Crops as they are kept, how many are dropped, and what draws them. */
interface Chooser {
  readonly kept: readonly ScoredCrop[];
  readonly dropped: number;
  readonly random: Random;
}

interface Choice {
  readonly words: string;
  readonly crops: (chooser: Chooser) => readonly ScoredCrop[];
  readonly pairing?: FolderPairing;
  readonly mismatchedShare?: number;
}

/** Crops without so many of the highest values; of equal ones the first go, in an order drawn. */
function withoutHighest(
  { kept, dropped }: Chooser,
  valueOf: (crop: ScoredCrop) => number,
): readonly ScoredCrop[] {
  const order = [...kept].sort((a, b) => valueOf(b) - valueOf(a));
  const gone = new Set(order.slice(0, dropped));
  return kept.filter((crop) => !gone.has(crop));
}

function withoutSome({ kept, dropped, random }: Chooser): readonly ScoredCrop[] {
  const gone = new Set(random.split('dropped').permutation(kept.length).subarray(0, dropped));
  return kept.filter((_, i) => !gone.has(i));
}

const all = ({ kept }: Chooser) => kept;
const choices: Readonly<Record<string, Choice>> = {
  keep: { words: 'all pairs', crops: all },
  filter: {
    words: 'without the pairs of the highest scores',
    crops: (chooser) => withoutHighest(chooser, ({ score }) => score),
  },
  'random-drop': { words: 'without as many pairs at random', crops: withoutSome },
  twice: { words: 'the first image twice', crops: all, pairing: 'first twice' },
  shuffled: {
    words: 'half of the second images of other places (control)',
    crops: all,
    mismatchedShare: 0.5,
  },
  oracle: {
    words: 'without as many pairs of the most true change',
    crops: (chooser) => withoutHighest(chooser, ({ changedShare }) => changedShare ?? NaN),
  },
};

/** The choices in words, by name. */
export const folderChoices: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(choices).map(([name, { words }]) => [name, words]),
);

/** Share of change from which counts call a pair noisy. */
const noisyFrom = 0.05;

/**
 * The pairs of an arm, all arms' from the same draw.
 * @param most pairs at most
 * @param drop share that filters leave out
 * @throws naming a choice that is unknown or cannot be made
 */
export function chooseCrops(
  name: string,
  crops: readonly ScoredCrop[],
  { most, drop, seed }: { readonly most: number; readonly drop: number; readonly seed: number },
): ChosenCrops {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (!choice) {
    const known = Object.keys(choices).join(', ');
    throw new Error(`choice: expected one of ${known}, got ${name}`);
  }
  const random = Random.from(seed).split('folder choices');
  const kept = random
    .split('kept')
    .shuffle([...crops])
    .slice(0, most);
  const unknown = kept.filter(({ changedShare }) => changedShare === null).length;
  if (name === 'oracle' && unknown > 0)
    throw new Error(`choice oracle: expected true shares of change, got ${unknown} crops without`);
  const dropped = Math.round(drop * kept.length);
  const chosen = choice.crops({ kept, dropped, random });
  if (chosen.length === 0)
    throw new Error(`choice ${name}: expected pairs, got none of ${kept.length}`);
  const noisy = chosen.filter(({ changedShare }) => (changedShare ?? 0) > noisyFrom).length;
  const counts = {
    pairs: chosen.length,
    ...(unknown > 0 ? {} : { changed: noisy / chosen.length }),
  };
  const { pairing = 'both', mismatchedShare = 0 } = choice;
  return { crops: chosen, pairing, mismatchedShare, counts };
}
