/**
 * How the noise of a crop is measured: damaged pixels over all its pixels, or over its (classified)
 * building pixels, or the number of damaged buildings.
 */
export type NoiseMeasure = 'pixels' | 'building-pixels' | 'buildings';

export interface CropOptions {
  /** Edge in pixels. */
  readonly size: number;
  /** From one crop to the next; default = size: side by side, from the upper left. */
  readonly stride?: number;
  /** Default building-pixels. */
  readonly measure?: NoiseMeasure;
  /** A crop is noisy in from..to; above 0. Default: any damage. */
  readonly noisyFrom?: number;
  readonly noisyTo?: number;
  /** Crops with fewer building pixels are refused. Default 0. */
  readonly leastBuildingPixels?: number;
  /** Crops with a larger share of nodata are refused. Default 0.1. */
  readonly mostNodata?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** @throws naming the first option out of range */
export function checkCropOptions({
  size,
  stride = size,
  noisyFrom = Number.MIN_VALUE,
  noisyTo = Infinity,
  leastBuildingPixels = 0,
  mostNodata = 0.1,
}: CropOptions): void {
  const check = (name: string, value: number, holds: boolean, expected: string) => {
    if (!holds) throw new Error(`crops: ${name}: expected ${expected}, got ${value}`);
  };
  check('size', size, Number.isInteger(size) && size >= 1, 'a positive whole number');
  check('stride', stride, Number.isInteger(stride) && stride >= 1, 'a positive whole number');
  check('noisyFrom', noisyFrom, noisyFrom > 0, 'a number above 0');
  check('noisyTo', noisyTo, noisyTo >= noisyFrom, `at least noisyFrom, ${noisyFrom}`);
  check('leastBuildingPixels', leastBuildingPixels, leastBuildingPixels >= 0, 'a number of pixels');
  check('mostNodata', mostNodata, mostNodata >= 0 && mostNodata <= 1, 'a share in 0..1');
}
