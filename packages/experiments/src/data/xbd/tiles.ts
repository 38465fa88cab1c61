import {
  officialSplit,
  readIndex,
  writeSubmission,
  xbdDamage,
  type XbdPair,
} from '@noisy-pairs/xbd';
import type { ChallengeTiles } from '../kind.ts';
import { xbdMasks } from './crops.ts';
import type { XbdData } from './schema.ts';

/** Edge of a tile in pixels, as the official scorer of xView2 wants it. */
export const tileSize = 1024;

/**
 * Tiles for the xView2 challenge. A building is predicted where a class of damage is. IDs are the
 * challenge's own where the files are the challenge's, and the place in the index otherwise.
 * @throws if a tile has another size, or the split has no tiles
 */
export async function xbdTiles(
  { index, size }: XbdData,
  split: string,
  otherIndex?: string,
): Promise<ChallengeTiles> {
  const { root, pairs } = await readIndex(otherIndex ?? index);
  const tiles = officialSplit(pairs, [split]);
  const odd = tiles.find(({ width, height }) => width !== tileSize || height !== tileSize);
  if (odd) {
    const got = `${odd.width} x ${odd.height}`;
    throw new Error(`${odd.stem}: expected a tile of ${tileSize} x ${tileSize} pixels, got ${got}`);
  }
  const crops = tiles.flatMap((_, pair) => windows(size).map((window) => ({ pair, window })));
  const set = split === 'hold' ? 'hold' : 'test';
  return {
    length: tiles.length,
    source: xbdDamage({ root, pairs: tiles, crops, size, masks: xbdMasks() }),
    async write(out, at, mask) {
      const tile = tiles[at] as XbdPair;
      const official = /^(test|hold)_\d{5}$/.test(tile.stem);
      const id = official ? tile.id : String(at).padStart(5, '0');
      await writeSubmission(out, set, id, mask, mask);
      return [id, tile.stem];
    },
  };
}

/** The crops of a tile, row by row. */
function windows(size: number) {
  const across = tileSize / size;
  return Array.from({ length: across ** 2 }, (_, i) => ({
    x: (i % across) * size,
    y: Math.floor(i / across) * size,
    width: size,
    height: size,
  }));
}
