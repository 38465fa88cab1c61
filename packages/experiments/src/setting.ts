import type { remedies, RunConfig } from './config.ts';

/** What is done about noisy pairs; keep: they are trained on. */
export type Remedy = 'keep' | (typeof remedies)[number];

/** What the runs of a panel that differ by their seed alone have in common. */
export interface Setting extends Pick<RunConfig, 'kind' | 'imageNoise' | 'noisyShare'> {
  readonly remedy: Remedy;
}
