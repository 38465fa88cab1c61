import { Random } from '@noisy-pairs/imaging';
import type { PairSource, SourceSpec } from '@noisy-pairs/pairs';
import { mislabel } from './mislabel.ts';
import { cifar10Classes, cifar10Size, type Cifar10 } from './reader.ts';
import { openCifar10, type Cifar10Options } from './subset.ts';

export interface Cifar10PairOptions extends Cifar10Options {
  /** Share of the images whose label is wrong, 0..1: exactly round(mislabelled * images). */
  readonly mislabelled: number;
}

/** Both src/ and dist/ lie one below the package, so this names the compiled module from either. */
const module = new URL('../dist/pairs.js', import.meta.url).href;

/**
 * Pairs by label, of which wrong labels make false ones (Fig. 1 of the study). Clean: image i
 * twice. Noisy: image i and another image of the same label. A noisy pair is false where the two
 * images' true classes differ, because one label or both are wrong. What is drawn follows from
 * (seed, i) alone.
 */
export function cifar10Pairs(options: Cifar10PairOptions): SourceSpec {
  return { module, factory: 'createCifar10PairSource', options };
}

/**
 * @throws as openCifar10; if `mislabelled` is not in 0..1, or an image is the only one of its
 *   label.
 */
export async function createCifar10PairSource(options: Cifar10PairOptions): Promise<PairSource> {
  const { data, partner } = await pairByLabel(options);
  return {
    name: data.name,
    size: cifar10Size,
    length: data.length,
    sharedFrame: false, // two images of a class show different things in different places
    read(index, noisy, first, second) {
      data.image(index, first);
      if (noisy) data.image(partner(index), second);
      else second.set(first);
    },
    classesOf: (index, noisy) => [
      data.labels[index] as number,
      data.labels[noisy ? partner(index) : index] as number,
    ],
  };
}

/**
 * How many of the pairs are false. Clean pairs never are, so of a run's pairs it is about its share
 * of noisy ones times this.
 */
export interface FalsePairs {
  readonly images: number;
  readonly mislabelledImages: number;
  /** Share of the source's noisy pairs, as drawn, whose images are of two classes. */
  readonly share: number;
  /** The same over all partners that could have been drawn. */
  readonly expectedShare: number;
}

/**
 * Counts the false ones among the noisy pairs of `cifar10Pairs` with these options.
 * @throws as createCifar10PairSource
 */
export async function countFalsePairs(options: Cifar10PairOptions): Promise<FalsePairs> {
  const { data, labels, byLabel, partner } = await pairByLabel(options);
  const { labels: classes, length } = data;
  // [label][class] images
  const counts = byLabel.map((members) =>
    cifar10Classes.map((_, id) => members.filter((i) => classes[i] === id).length),
  );
  let [mislabelledImages, drawn, expected] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const label = labels[i] as number;
    const own = classes[i] as number;
    const sharing = (byLabel[label] as number[]).length;
    if (label !== own) mislabelledImages++;
    if (classes[partner(i)] !== own) drawn++;
    expected += (sharing - ((counts[label] as number[])[own] as number)) / (sharing - 1);
  }
  return {
    images: length,
    mislabelledImages,
    share: drawn / length,
    expectedShare: expected / length,
  };
}

/** Images and their partners by label. */
interface LabelledPairs {
  readonly data: Cifar10;
  /** Perhaps wrong ones. */
  readonly labels: Uint8Array;
  /** [label] images that have it. */
  readonly byLabel: readonly (readonly number[])[];
  /** Another image of the same label. */
  readonly partner: (index: number) => number;
}

async function pairByLabel(options: Cifar10PairOptions): Promise<LabelledPairs> {
  const { split, seed, mislabelled } = options;
  const data = await openCifar10(options);
  const random = Random.from(seed).split('cifar10', split);
  const labels = mislabel(data.labels, mislabelled, random.split('mislabelled'));
  const byLabel = cifar10Classes.map(() => [] as number[]);
  labels.forEach((label, i) => byLabel[label]?.push(i));
  const lonely = byLabel.findIndex((members) => members.length === 1);
  if (lonely >= 0)
    throw new Error(
      `${data.name}: expected two images or more of a label, got one labelled ` +
        `${cifar10Classes[lonely] ?? lonely}`,
    );
  const partner = (index: number) => {
    const members = byLabel[labels[index] as number] as number[];
    const drawn = members[random.split('partner', index).int(members.length - 1)] as number;
    // the last stands in for the image itself
    return drawn === index ? (members[members.length - 1] as number) : drawn;
  };
  return { data, labels, byLabel, partner };
}
