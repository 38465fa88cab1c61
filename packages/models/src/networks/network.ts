import type { EncoderConfig } from './encoder-config.ts';
import type { NamedTensors, Tensor, Tensor4D } from '@noisy-pairs/engine';
import type { Random } from '@noisy-pairs/imaging';

/**
 * Parameters (trained by gradients) and statistics (running means and variances) of a network, by
 * torchvision's names: a tree of tensors.
 */
export type NetworkState = Readonly<Record<'params' | 'stats', NamedTensors>>;

/** A network, X to Y, as two pure functions; it holds no tensors itself. */
export interface Network<X extends Tensor = Tensor, Y extends Tensor = Tensor> {
  /** Fresh tensors, owned by the caller. */
  init(random: Random): NetworkState;
  /**
   * Borrows all its arguments.
   * @param training batch statistics, and running ones updated; otherwise running statistics,
   *   returned as they came
   */
  apply(
    params: NamedTensors,
    stats: NamedTensors,
    x: X,
    training: boolean,
  ): { y: Y; stats: NamedTensors };
}

/** Where the features of a map lie in the image that it is of, along both axes alike. */
export interface Placement {
  /** Pixels from one feature to the next. */
  readonly stride: number;
  /** How far up-left of the centres of blocks of `stride` pixels features lie, in pixels. */
  readonly offset: number;
}

/**
 * Images [B, S, S, 3], float32 and normalised, to features [B, S / outputStride, S / outputStride,
 * channels].
 */
export interface Encoder extends Network<Tensor4D, Tensor4D> {
  /** The configuration that it was made by. */
  readonly config: EncoderConfig;
  readonly channels: number;
  readonly outputStride: number;
  /** Where its features lie in the image. */
  readonly placement: Placement;
  /** Shapes of the tensors that init makes, by name. */
  readonly shapes: {
    readonly params: Readonly<Record<string, readonly number[]>>;
    readonly stats: Readonly<Record<string, readonly number[]>>;
  };
  /**
   * The same network as a key network should run in training: where batch norm has groups, they are
   * cut across the query's, so that statistics do not give a pair away.
   */
  readonly forKeys: Pick<Encoder, 'apply' | 'applyStages'>;
  /** Features of each stage, the finest first; the last are the encoder's own. */
  readonly stages: readonly ({ readonly channels: number } & Placement)[];
  /** As apply, with the features of all stages; y are those of the last. */
  applyStages(
    params: NamedTensors,
    stats: NamedTensors,
    x: Tensor4D,
    training: boolean,
  ): { y: Tensor4D; ys: readonly Tensor4D[]; stats: NamedTensors };
}
