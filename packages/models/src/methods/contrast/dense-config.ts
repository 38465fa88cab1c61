import type { MocoConfig } from '../moco.ts';
import type { InstanceWeight } from './instance-weight.ts';

/** Options of the methods that contrast pixels by their place; weight 0 leaves images out. */
export interface DenseConfig extends MocoConfig, InstanceWeight {
  /**
   * Pixels are the same place below this distance, in diagonals of a pixel of the feature map. The
   * paper's is 0.7.
   */
  readonly distance: number;
}

/** @throws if the distance is not above 0 */
export function checkDistance(name: string, { distance }: DenseConfig): void {
  if (!(distance > 0))
    throw new Error(`${name} distance: expected a number above 0, got ${distance}`);
}
