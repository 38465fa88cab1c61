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
 * The endless sequence of samples: permutations of all pairs, one an epoch, end to end, so that every pair comes once an epoch
 * and no batch is short. Which pairs are noisy is fixed by the seed: the first round(noisyShare * length) of one permutation.
 * So the share is exact in every epoch, and the noisy pairs of a larger share include those of a smaller one.
 * @throws if noisyShare is not in 0..1.
 */
export function sampleStream(length: number, noisyShare: number, seed: number): (position: number) => Sample {
  if (!(noisyShare >= 0 && noisyShare <= 1)) throw new Error(`noisyShare: expected a number in 0..1, got ${noisyShare}`);
  const random = Random.from(seed);
  const noisy = new Uint8Array(length);
  for (const index of random.split('noisy').permutation(length).subarray(0, Math.round(noisyShare * length))) noisy[index] = 1;
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (position) => {
    const wanted = Math.floor(position / length);
    if (wanted !== epoch) {
      epoch = wanted;
      order = random.split('epoch', epoch).permutation(length);
    }
    const index = order[position % length] as number;
    return { epoch, index, noisy: noisy[index] === 1 };
  };
}
