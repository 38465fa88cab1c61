import type { MocoConfig } from '../moco.ts';

/** Of the methods that contrast pixels by their place. */
export interface DenseConfig extends MocoConfig {
  /**
   * Share of the loss that is MoCo's of whole images, 0..1; the rest is of pixels. 0 leaves that
   * branch out.
   */
  readonly instanceWeight: number;
  /**
   * Pixels are the same place below this distance, in diagonals of a cell of the feature map. The
   * paper's is 0.7.
   */
  readonly distance: number;
}

/** @throws naming what is out of range */
export function checkDense(name: string, { instanceWeight, distance }: DenseConfig): void {
  if (!(instanceWeight >= 0 && instanceWeight <= 1))
    throw new Error(`${name} instanceWeight: expected a number in 0..1, got ${instanceWeight}`);
  if (!(distance > 0))
    throw new Error(`${name} distance: expected a number above 0, got ${distance}`);
}
