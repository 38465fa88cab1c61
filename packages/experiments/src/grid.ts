import type { RunConfig, SweepConfig } from './config.ts';

/** A run of a sweep by its name, which is also its folder's. */
export interface NamedRun {
  readonly name: string;
  readonly config: RunConfig;
}

/**
 * All runs of a sweep, seed by seed: the bounds, clean pairs once (r_img means nothing there), then r_img x noisy share. What is
 * interesting first comes first: with one seed done there is a first picture.
 */
export function expandGrid({ base, imageNoises, noisyShares, seeds }: SweepConfig): NamedRun[] {
  const runs: NamedRun[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const add = (name: string, kind: RunConfig['kind'], imageNoise: number, noisyShare: number) => {
      runs.push({ name: `${name}-seed${seed}`, config: { ...base, kind, seed, imageNoise, noisyShare } });
    };
    add('random', 'random', 0, 0);
    add('supervised', 'supervised', 0, 0);
    add('clean', 'pretrained', 0, 0);
    for (const imageNoise of imageNoises) {
      for (const noisyShare of noisyShares) add(`r${imageNoise}-share${noisyShare}`, 'pretrained', imageNoise, noisyShare);
    }
  }
  return runs;
}
