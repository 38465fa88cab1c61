import { Random } from '@noisy-pairs/imaging';
import type { PairSource, SourceSpec } from '@noisy-pairs/pairs';
import { cifar10Classes, cifar10Size, readCifar10, type Cifar10Split } from './reader.ts';

export interface Cifar10PairOptions {
  /** Folder of the binary files. */
  readonly dir: string;
  readonly split: Cifar10Split;
  readonly seed: number;
}

/** Both src/ and dist/ lie one below the package, so this names the compiled module from either. */
const module = new URL('../dist/pairs.js', import.meta.url).href;

/**
 * Pairs by class, after Fig. 1 of the study: the first image is image i; the second is another one of its class (clean), or one of a wrong class, as a
 * wrong label would pair it (noisy: a false pair). Which one is drawn from (seed, i) alone.
 */
export function cifar10Pairs(options: Cifar10PairOptions): SourceSpec {
  return { module, factory: 'createCifar10PairSource', options };
}

/** @throws as readCifar10, and if a class has fewer than two images or there is only one class. */
export async function createCifar10PairSource({ dir, split, seed }: Cifar10PairOptions): Promise<PairSource> {
  const data = await readCifar10(dir, split);
  const byClass = cifar10Classes.map(() => [] as number[]);
  data.labels.forEach((label, i) => byClass[label]?.push(i));
  const present = byClass.flatMap((members, label) => (members.length > 0 ? [label] : []));
  const lonely = present.find((label) => (byClass[label] as number[]).length < 2);
  if (present.length < 2 || lonely !== undefined) {
    throw new Error(`CIFAR-10 ${split}: expected two classes of two images or more, got ${present.map((label) => `${cifar10Classes[label] ?? '?'} ${(byClass[label] as number[]).length}`).join(', ')}`);
  }
  const random = Random.from(seed).split('cifar10', split);
  return {
    name: `CIFAR-10 ${split}`,
    size: cifar10Size,
    length: data.length,
    read(index, noisy, first, second) {
      data.image(index, first);
      const draws = random.split(index, noisy ? 'false' : 'clean');
      const label = data.labels[index] as number;
      const others = noisy ? present.filter((other) => other !== label) : [label];
      const candidates = byClass[others[draws.int(others.length)] as number] as number[];
      // Any other image of the class: the last stands in for the image itself.
      const partner = noisy ? candidates[draws.int(candidates.length)] : candidates[draws.int(candidates.length - 1)];
      data.image(partner === index ? (candidates[candidates.length - 1] as number) : (partner as number), second);
    },
  };
}
