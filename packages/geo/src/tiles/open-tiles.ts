import { LRUCache } from 'lru-cache';
import type { BlockCache } from '../tiff/block-cache.ts';
import { openTile, type Tile } from './tile.ts';

/**
 * Headers kept: pairs are visited in random order, and reading a header costs as much as a window.
 */
const mostKept = 1024;

/** Opens tiles and remembers the last ones. */
export function openTiles(cache: BlockCache): (path: string) => Promise<Tile> {
  const known = new LRUCache<string, Promise<Tile>>({ max: mostKept });
  return (path) => {
    const tile = known.get(path) ?? openTile(path, cache);
    known.set(path, tile);
    tile.catch(() => known.delete(path)); // what could not be read is asked again
    return tile;
  };
}
