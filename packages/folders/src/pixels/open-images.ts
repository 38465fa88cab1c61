import type { BlockCache, Tile } from '@noisy-pairs/geo';
import { LRUCache } from 'lru-cache';
import type { PixelRules } from '../index/folder-index.ts';
import { openImage } from './open-image.ts';

/** Headers kept: pairs are visited in random order. */
const mostKept = 1024;

/** Opens images below a root by the rules, and remembers the last ones. @throws as openImage */
export function openImages(
  root: string,
  rules: PixelRules,
  cache: BlockCache,
): (files: readonly string[]) => Promise<Tile> {
  const known = new LRUCache<string, Promise<Tile>>({ max: mostKept });
  return (files) => {
    const key = files.join('\0');
    const image = known.get(key) ?? openImage(root, files, rules, cache);
    known.set(key, image);
    image.catch(() => known.delete(key)); // what could not be read is asked again
    return image;
  };
}
