import { percentile } from '@noisy-pairs/evaluation';

/** A value a square cell of an image; a rest at the right and below that fills none is left out. */
export interface CellMap {
  readonly rows: number;
  readonly columns: number;
  /** Edge of a cell in pixels. */
  readonly cell: number;
  /** [rows, columns] */
  readonly values: Float64Array;
}

export function meanOf({ values }: CellMap): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Percentile 90 of the cells. */
export function highOf({ values }: CellMap): number {
  return percentile(Float64Array.from(values).sort(), 90);
}
