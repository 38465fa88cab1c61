import type { Scalar, Tensor, Tensor1D } from '@noisy-pairs/engine';
import type { Network } from '@noisy-pairs/models';
import type { FeatureForm } from '../encoders/feature-form.ts';

/** A head as pure functions; it holds no tensors itself. */
export interface Head {
  /** How many class ids there are. */
  readonly classes: number;
  /** From what it sees to logits. */
  readonly network: Network;
  /** What it sees of an encoder's feature maps. */
  readonly form: FeatureForm;
  /** The mean over the labels that count. @param labels class ids, int32, as a reader gives them */
  loss(logits: Tensor, labels: Tensor1D): Scalar;
  /** The class ids that logits speak for, as many as labels and in their order. */
  ids(logits: Tensor): Tensor;
}
