import { Random } from '@noisy-pairs/imaging';

/** One pair drawn for training. */
export interface Sample {
  readonly epoch: number;
  /** Which pair of the source. */
  readonly index: number;
  /** Which of its versions. */
  readonly noisy: boolean;
}

/**
 * Treatments of noisy pairs: they are trained on (none); they are left out, so that there are fewer
 * pairs (clean); or each is exchanged for a clean one, so that there are as many as without a
 * filter (same-size-clean).
 */
export const pairFilters = ['none', 'clean', 'same-size-clean'] as const;
export type PairFilter = (typeof pairFilters)[number];

/** An endless sequence of samples. */
export interface SampleStream {
  /** Pairs an epoch: those that the filter leaves. */
  readonly length: number;
  readonly at: (position: number) => Sample;
}

/**
 * Permutations of all pairs that the filter leaves, one an epoch, end to end, so that every pair
 * comes once an epoch and no batch is short. Which pairs are noisy is fixed by the seed: the first
 * round(noisyShare * length) of one permutation. So the share is exact in every epoch, and the
 * noisy pairs of a larger share include those of a smaller one.
 * @throws if noisyShare is not in 0..1, or the filter leaves nothing.
 */
export function sampleStream(
  length: number,
  noisyShare: number,
  seed: number,
  filter: PairFilter = 'none',
): SampleStream {
  if (!(noisyShare >= 0 && noisyShare <= 1))
    throw new Error(`noisyShare: expected a number in 0..1, got ${noisyShare}`);
  const random = Random.from(seed);
  const isNoisy = new Uint8Array(length);
  const noisyCount = Math.round(noisyShare * length);
  for (const index of random.split('noisy').permutation(length).subarray(0, noisyCount))
    isNoisy[index] = 1;
  const kept =
    filter === 'clean'
      ? Uint32Array.from(isNoisy.keys()).filter((index) => isNoisy[index] === 0)
      : undefined;
  const count = kept?.length ?? length;
  if (count === 0)
    throw new Error(
      `filter ${filter}: expected clean pairs to train on, got none of ${length} at noisyShare ` +
        `${noisyShare}`,
    );
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return {
    length: count,
    at(position) {
      const wanted = Math.floor(position / count);
      if (wanted !== epoch) {
        epoch = wanted;
        order = random.split('epoch', epoch).permutation(count);
      }
      const drawn = order[position % count] as number;
      const index = kept ? (kept[drawn] as number) : drawn;
      return { epoch, index, noisy: filter === 'none' && isNoisy[index] === 1 };
    },
  };
}
