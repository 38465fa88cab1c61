import type { NamedTensors, Scalar, Tensor, Tensor1D } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';
import type { Network } from '@noisy-pairs/models';
import type { FeatureForm } from '../encoders/feature-form.ts';

/** A head as pure functions, which borrow their arguments; it holds no tensors itself. */
export interface Head {
  /** How many class ids it tells apart. */
  readonly classes: number;
  /** How it sees an encoder's feature maps. */
  readonly form: FeatureForm;
  /** Fresh parameters, owned by the caller. */
  init(random: Random): NamedTensors;
  /**
   * The mean over the labels that count.
   * @param features in the head's form
   * @param labels class ids, int32, as a reader gives them
   */
  loss(params: NamedTensors, features: Tensor, labels: Tensor1D): Scalar;
  /** Class ids by inference, as many as labels and in their order. */
  ids(params: NamedTensors, features: Tensor): Tensor;
}

/** The parts that a head is made of: a network without statistics, and the use of its logits. */
export interface HeadParts<Features extends Tensor, Logits extends Tensor> {
  readonly classes: number;
  readonly form: FeatureForm<Features>;
  readonly network: Network<Features, Logits>;
  loss(logits: Logits, labels: Tensor1D): Scalar;
  ids(logits: Logits): Tensor;
}

export function headOf<Features extends Tensor, Logits extends Tensor>(
  parts: HeadParts<Features, Logits>,
): Head {
  const { classes, form, network } = parts;
  const logits = (params: NamedTensors, features: Tensor, training: boolean) =>
    network.apply(params, {}, features as Features, training).y; // as the form gives them
  return {
    classes,
    form,
    init: (random) => network.init(random).params,
    loss: (params, features, labels) => parts.loss(logits(params, features, true), labels),
    ids: (params, features) => parts.ids(logits(params, features, false)),
  };
}
