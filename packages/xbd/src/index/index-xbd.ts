import { resolve } from 'node:path';
import { findTiles, type TileFiles } from './find-tiles.ts';
import type { XbdIndex, XbdPair, XbdProblem } from './index-file.ts';
import { indexPlace, type IndexedPlace } from './index-place.ts';

export interface IndexOptions {
  /**
   * Looks at pixels too, for the share of nodata: minutes instead of seconds for the whole set.
   * Default false.
   */
  readonly pixels?: boolean;
  /** Places worked on at once. Default 8. */
  readonly concurrency?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads names, image headers and labels of all releases below a root. What cannot be paired, read
 * or believed becomes a problem with its file and reason; nothing is dropped in silence. Memory:
 * the rows, and a few labels at a time.
 * @throws as findTiles
 */
export async function indexXbd(
  root: string,
  { pixels = false, concurrency = 8, onProgress, signal }: IndexOptions = {},
): Promise<XbdIndex> {
  const { tiles, unknownFiles, problems } = await findTiles(root);
  const places: IndexedPlace[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < tiles.length) {
      signal?.throwIfAborted();
      const i = next++;
      places[i] = await indexPlace(root, tiles[i] as TileFiles, pixels);
      onProgress?.(++done, tiles.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const pairs = places.flatMap(({ pair }) => pair ?? []);
  return {
    format: 'noisy-pairs/xbd-index',
    version: 1,
    root: resolve(root),
    pairs,
    problems: [...problems, ...places.flatMap((place) => place.problems), ...duplicates(pairs)],
    unknownFiles: [...unknownFiles],
  };
}

/** One place in two formats below one root would be trained on twice. */
function duplicates(pairs: readonly XbdPair[]): XbdProblem[] {
  const seen = new Map<string, XbdPair>();
  const problems: XbdProblem[] = [];
  for (const pair of pairs) {
    const { split, stem, pre } = pair;
    const first = seen.get(`${split}/${stem}`);
    if (!first) {
      seen.set(`${split}/${stem}`, pair);
      continue;
    }
    const got = `got it also in ${first.pre}; index the folder of one format`;
    const what = `expected a place once, ${got}`;
    problems.push({ split, stem, file: pre, what, fatal: false });
  }
  return problems;
}
