import type { Random } from '@noisy-pairs/imaging';

/** Ranges that the mean and the deviation of each cell's grey values are drawn from. */
export interface LevelRanges {
  readonly mean: readonly [from: number, to: number];
  readonly deviation: readonly [from: number, to: number];
}

/** Mean and standard deviation of each cell's grey values. */
export interface CellLevels {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Levels of cells, whatever fills them. */
export function drawLevels(
  random: Random,
  cells: number,
  { mean, deviation }: LevelRanges,
): CellLevels {
  return {
    means: Float64Array.from({ length: cells }, () => random.range(...mean)),
    deviations: Float64Array.from({ length: cells }, () => random.range(...deviation)),
  };
}
