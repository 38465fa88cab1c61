import type { Raster } from '@noisy-pairs/imaging';
import { highOf, meanOf, type CellMap } from '../measures/cell-map.ts';
import { correlationCell, correlationDistances } from '../measures/correlations.ts';
import { orientationCell, orientationDistances, orientationsOf } from '../measures/orientations.ts';

/** A measure of how much the images of a pair seem to differ: more is less alike. */
export interface PairScorer {
  /** Its column in scores.csv. */
  readonly name: string;
  readonly title: string;
  /** How it is measured, a sentence. */
  readonly about: string;
  /** Least edge of an image in pixels. */
  readonly leastSize: number;
  /** Differences by cells, of which the score is the mean. */
  map(first: Raster, second: Raster): CellMap | Promise<CellMap>;
  /** Further columns of the same map. */
  readonly further?: Readonly<Record<string, (map: CellMap) => number>>;
}

export const hogScorer: PairScorer = {
  name: 'hog',
  title: 'gradient directions (HOG)',
  about:
    'Distance of the histograms of gradient directions (8 bins without sign, sigma 1, over their ' +
    'norm + 0.2) in cells of 16 px, mean over the cells.',
  leastSize: orientationCell,
  map: (first, second) => orientationDistances(orientationsOf(first), orientationsOf(second)),
  further: { hogP90: highOf },
};

export const nccScorer: PairScorer = {
  name: 'ncc',
  title: '1 - correlation (NCC)',
  about:
    '1 - the best normalised correlation of cells of 32 px within +-4 px, mean over the cells. ' +
    'It finds wrong partners better than changes.',
  leastSize: correlationCell,
  map: correlationDistances,
};

/** The columns that a scorer gives of a pair. */
export async function scoresBy(
  scorer: PairScorer,
  first: Raster,
  second: Raster,
): Promise<Record<string, number>> {
  const map = await scorer.map(first, second);
  const further = Object.entries(scorer.further ?? {}).map(([name, of]) => [name, of(map)]);
  return { [scorer.name]: meanOf(map), ...Object.fromEntries(further) } as Record<string, number>;
}
