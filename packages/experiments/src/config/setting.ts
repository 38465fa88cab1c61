/**
 * Kinds of runs. pretrained: pretraining, then the head. random: the head on the encoder as it was
 * before. supervised: all with labels.
 */
export const runKinds = ['pretrained', 'random', 'supervised'] as const;

/**
 * Remedies for noisy pairs, besides training on them as they are: leave them out; take as many
 * clean ones in their place; train on them with a robust loss.
 */
export const remedies = ['filter', 'same-size', 'robust'] as const;

/** Treatment of noisy pairs; keep: they are trained on. */
export type Remedy = 'keep' | (typeof remedies)[number];

/** The settings shared by those runs of a panel that differ by their seed alone. */
export interface Setting {
  readonly kind: (typeof runKinds)[number];
  /** How noisy a noisy pair is, 0..1. */
  readonly imageNoise: number;
  /** Share of the pairs that are noisy, 0..1. */
  readonly noisyShare: number;
  readonly remedy: Remedy;
  /** Name of the choice of pairs, where the panel has arms. */
  readonly choice?: string;
}
