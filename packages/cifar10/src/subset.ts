import { Random } from '@noisy-pairs/imaging';
import { cifar10Classes, readCifar10, type Cifar10, type Cifar10Split } from './reader.ts';

/** Which images of the data set. */
export interface Cifar10Options {
  /** Folder of the binary files. */
  readonly dir: string;
  readonly split: Cifar10Split;
  readonly seed: number;
  /** How many images to draw, as evenly over the classes as they allow. Default: all. */
  readonly limit?: number;
}

/**
 * A split, or the part of it that `limit` and `seed` draw.
 * @throws as readCifar10; if there are fewer images than `limit`
 */
export async function openCifar10({ dir, split, seed, limit }: Cifar10Options): Promise<Cifar10> {
  const data = await readCifar10(dir, split);
  if (limit === undefined) return data;
  if (!Number.isInteger(limit) || limit < 1 || limit > data.length)
    throw new Error(`${data.name}: expected a limit in 1..${data.length}, got ${limit}`);
  const random = Random.from(seed).split('cifar10', split, 'limit');
  const indices = balancedDraw(data.labels, limit, random);
  return {
    name: data.name,
    length: limit,
    labels: Uint8Array.from(indices, (index) => data.labels[index] as number),
    missing: data.missing,
    image(index, pixels) {
      const original = indices[index];
      if (original === undefined)
        throw new Error(`${data.name}: expected an index in 0..${limit - 1}, got ${index}`);
      data.image(original, pixels);
    },
  };
}

/**
 * `count` of the images in their order: an image of each class a round, so that classes differ by
 * one image at most as long as none has run out. A smaller draw is part of a larger one.
 */
function balancedDraw(labels: Uint8Array, count: number, random: Random): number[] {
  const byClass = cifar10Classes.map((_, label) => {
    const members = [...labels.keys()].filter((i) => labels[i] === label);
    return random.split('class', label).shuffle(members);
  });
  const drawn: number[] = [];
  for (let round = 0; drawn.length < count; round++) {
    const left = byClass.filter((members) => members.length > round);
    const order = random.split('round', round).shuffle(left);
    drawn.push(...order.map((members) => members[round] as number));
  }
  return drawn.slice(0, count).sort((a, b) => a - b);
}
