import { Random } from '@noisy-pairs/imaging';
import { buildingShare, matchCrops, type Crop, type XbdPairing } from '@noisy-pairs/xbd';
import type { CropsOf } from './crops.ts';

/** Pairs of one choice: crops, and which of their images. */
export interface ChosenPairs {
  /** In an order that agrees between choices of as many crops. */
  readonly crops: readonly Crop[];
  readonly pairing: XbdPairing;
  /** Numbers and shares that describe them. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Crops to choose from, how many at most, and the seed that draws them. */
interface Chooser {
  readonly all: CropsOf;
  readonly most: number;
  readonly random: Random;
}

/** A list of crops, some of which may stand for others, of whose event so many are. */
interface Listed {
  readonly crops: readonly Crop[];
  readonly sameEvent?: number;
}

const isDamaged = ({ tag }: Crop) => tag === 'noisy';
const isIntact = ({ tag }: Crop) => tag === 'clean';

/** As many damaged crops as there are, up to the most, and as there are undamaged ones to match. */
function damagedCrops({ all, most, random }: Chooser): Listed {
  const intact = all.crops.filter(isIntact).length;
  const damaged = random.split('damaged').shuffle(all.crops.filter(isDamaged));
  return { crops: damaged.slice(0, Math.min(most, intact)) };
}

/** An undamaged crop for each damaged one, of its event and building share. */
function undamagedCrops(chooser: Chooser): Listed {
  const { all, random } = chooser;
  const intact = random.split('undamaged').shuffle(all.crops.filter(isIntact));
  const damaged = damagedCrops(chooser).crops;
  return listMatched(damaged, matchCrops(damaged, intact, all.pairs));
}

/** Crops as they come: those of the practitioner. */
const keptCrops = ({ all, most, random }: Chooser): Listed => ({
  crops: random
    .split('kept')
    .shuffle([...all.crops])
    .slice(0, most),
});

const filteredCrops = (chooser: Chooser): Listed => ({
  crops: keptCrops(chooser).crops.filter((crop) => !isDamaged(crop)),
});

/** The kept crops without as many at random as are damaged. */
function thinnedCrops(chooser: Chooser): Listed {
  const { crops } = keptCrops(chooser);
  const dropped = crops.filter(isDamaged).length;
  const order = chooser.random.split('dropped').permutation(crops.length);
  const isDropped = new Set(order.subarray(0, dropped));
  return { crops: crops.filter((_, at) => !isDropped.has(at)) };
}

/** The kept crops with an undamaged one that was not kept in place of each damaged one. */
function exchangedCrops(chooser: Chooser): Listed {
  const { all, random } = chooser;
  const { crops } = keptCrops(chooser);
  const kept = new Set(crops);
  const spare = all.crops.filter((crop) => isIntact(crop) && !kept.has(crop));
  const damaged = crops.filter(isDamaged);
  const matched = matchCrops(damaged, random.split('spare').shuffle(spare), all.pairs);
  const inPlaceOf = new Map(damaged.map((crop, at) => [crop, matched.crops[at] as Crop]));
  const exchanged = crops.map((crop) => inPlaceOf.get(crop) ?? crop);
  return { ...listMatched(damaged, matched), crops: exchanged };
}

const listMatched = (wanted: readonly Crop[], { crops, sameEvent }: Required<Listed>): Listed => ({
  crops,
  ...(wanted.length > 0 ? { sameEvent: sameEvent / wanted.length } : {}),
});

/** A choice in words, which crops it is of, and which images of each are a pair. */
interface XbdChoice {
  readonly words: string;
  readonly crops: (chooser: Chooser) => Listed;
  readonly pairing: XbdPairing;
}

const choices: Readonly<Record<string, XbdChoice>> = {
  'damaged-clean': {
    words: 'damaged crops, the image before twice',
    crops: damagedCrops,
    pairing: 'pre-pre',
  },
  'damaged-noisy': {
    words: 'damaged crops, before and after',
    crops: damagedCrops,
    pairing: 'pre-post',
  },
  'undamaged-clean': {
    words: 'undamaged crops, the image before twice',
    crops: undamagedCrops,
    pairing: 'pre-pre',
  },
  'undamaged-noisy': {
    words: 'undamaged crops, before and after',
    crops: undamagedCrops,
    pairing: 'pre-post',
  },
  keep: { words: 'all pairs as they come', crops: keptCrops, pairing: 'pre-post' },
  filter: { words: 'without the damaged pairs', crops: filteredCrops, pairing: 'pre-post' },
  'random-drop': {
    words: 'without as many pairs at random',
    crops: thinnedCrops,
    pairing: 'pre-post',
  },
  exchange: {
    words: 'damaged pairs exchanged for matched undamaged ones',
    crops: exchangedCrops,
    pairing: 'pre-post',
  },
};

/** The choices in words, by name. */
export const xbdChoices: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(choices).map(([name, { words }]) => [name, words]),
);

/**
 * The pairs of a choice. Choices that ask one question are made of the same draws: their crops, and
 * the crops' order, agree as far as the choice lets them.
 * @param most pairs at most
 * @throws naming a choice that is unknown, or that finds no crops
 */
export function choosePairs(name: string, all: CropsOf, most: number, seed: number): ChosenPairs {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (!choice) {
    const known = Object.keys(choices).join(', ');
    throw new Error(`choice: expected one of ${known} of xBD's pairs, got ${name}`);
  }
  const { crops, sameEvent } = choice.crops({
    ...{ all, most },
    random: Random.from(seed).split('xbd choices'),
  });
  if (crops.length === 0)
    throw new Error(
      `choice ${name}: expected ${choice.words}, got none: ` +
        `${all.crops.filter(isDamaged).length} of ${all.crops.length} crops are damaged, ` +
        `${all.crops.filter(isIntact).length} undamaged`,
    );
  const counts = { ...describe(crops), ...(sameEvent === undefined ? {} : { sameEvent }) };
  return { crops, pairing: choice.pairing, counts };
}

function describe(crops: readonly Crop[]): Record<string, number> {
  const places = crops.map(({ pair, window: { x, y } }) => `${pair} ${x} ${y}`);
  const built = crops.reduce((sum, crop) => sum + buildingShare(crop), 0);
  return {
    pairs: crops.length,
    crops: new Set(places).size,
    damagedShare: crops.filter(isDamaged).length / crops.length,
    buildingShare: built / crops.length,
  };
}
