import { countNodata, createBlockCache } from '@noisy-pairs/geo';
import type { FolderIndex } from '../index/folder-index.ts';
import { openImages } from '../pixels/open-images.ts';
import { openLabels } from '../pixels/open-labels.ts';
import { shareOfChange } from './share-of-change.ts';
import type { CropOptions, CropPixels, FolderCrop } from './crop.ts';
import { checkCropOptions, edgeOf, windowsOf } from './windows.ts';

/** Counts of crops that were left out. */
export interface RefusedCrops {
  /** More of it black than `mostNodata`. */
  nodata: number;
  /** Pairs that are smaller than a crop. */
  smallPairs: number;
}

/**
 * The crops of all pairs with their pixels, pair after pair, row by row; each file is decoded once.
 * @param refused is counted up
 * @throws naming an option out of range, or a file that cannot be read
 */
export async function* readCrops(
  { root, pairs, pixels }: FolderIndex,
  options: CropOptions,
  refused: RefusedCrops = { nodata: 0, smallPairs: 0 },
): AsyncGenerator<CropPixels> {
  checkCropOptions(options);
  const edge = edgeOf(pairs, options.size);
  const { stride = edge, mostNodata = 0.1 } = options;
  // A cache each: neither image may push the other out between two crops.
  const openFirst = openImages(root, pixels, createBlockCache());
  const openSecond = openImages(root, pixels, createBlockCache());
  const labels = openLabels(root, pixels, createBlockCache());
  for (const [index, pair] of pairs.entries()) {
    const windows = windowsOf(pair, edge, stride || edge);
    if (windows.length === 0) refused.smallPairs++;
    for (const window of windows) {
      const first = await (await openFirst(pair.first)).read(window);
      const second = await (await openSecond(pair.second)).read(window);
      const nodata = countNodata(first, second) / (edge * edge);
      if (nodata > mostNodata) {
        refused.nodata++;
        continue;
      }
      const change = await labels(pair, 'change', window);
      const changedShare = change ? shareOfChange(change) : null;
      yield { pair: index, window, nodata, changedShare, first, second, change };
    }
  }
}

/** Crops without their pixels. */
export interface FolderCrops {
  /** Edge in pixels. */
  readonly size: number;
  readonly crops: readonly FolderCrop[];
  readonly refused: Readonly<RefusedCrops>;
}

export interface CropFolderOptions extends CropOptions {
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Cuts pairs into crops of one size.
 * @throws as readCrops, and if no crop is left
 */
export async function cropFolder(
  index: FolderIndex,
  { onProgress, signal, ...options }: CropFolderOptions,
): Promise<FolderCrops> {
  const refused = { nodata: 0, smallPairs: 0 };
  const crops: FolderCrop[] = [];
  const { length } = index.pairs;
  for await (const { pair, window, nodata, changedShare } of readCrops(index, options, refused)) {
    signal?.throwIfAborted();
    crops.push({ pair, window, nodata, changedShare });
    onProgress?.(pair, length);
  }
  onProgress?.(length, length);
  if (crops.length === 0)
    throw new Error(
      `crops: expected some of ${options.size} pixels from ${length} pairs, got none ` +
        `(${refused.smallPairs} pairs are smaller, ${refused.nodata} crops hold nothing)`,
    );
  return { size: edgeOf(index.pairs, options.size), crops, refused };
}
