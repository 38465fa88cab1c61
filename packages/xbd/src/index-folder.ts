import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseTileName } from './names.ts';

/** One place before and after: paths of both images and of the label of the image after. */
export interface XbdPair {
  readonly disaster: string;
  readonly id: string;
  readonly pre: string;
  readonly post: string;
  readonly label: string;
}

export interface XbdIndex {
  /** Sorted by disaster and id. */
  readonly pairs: readonly XbdPair[];
  /** Tiles that lack a partner or the label: what is missing, by tile. Counted, never silently dropped. */
  readonly incomplete: readonly { readonly tile: string; readonly missing: readonly string[] }[];
}

/**
 * Lists a folder of the xBD layout: `images/` (PNG or GeoTIFF) and `labels/` (JSON).
 * @throws if there is no images folder, or no image in it.
 */
export function indexXbd(dir: string): XbdIndex {
  const images = join(dir, 'images'), labels = join(dir, 'labels');
  if (!existsSync(images)) throw new Error(`xBD: expected a folder ${images}, got none`);
  const tiles = new Map<string, { disaster: string; id: string; pre?: string; post?: string }>();
  for (const file of readdirSync(images).sort()) {
    const name = parseTileName(file);
    if (!name || name.extension === 'json') continue;
    const key = `${name.disaster}_${name.id}`;
    tiles.set(key, { disaster: name.disaster, id: name.id, ...tiles.get(key), [name.phase]: join(images, file) });
  }
  if (tiles.size === 0) throw new Error(`xBD: expected images DISASTER_00000000_pre_disaster.png (or .tif) in ${images}, got none`);
  const pairs: XbdPair[] = [];
  const incomplete: { tile: string; missing: string[] }[] = [];
  for (const [tile, { disaster, id, pre, post }] of tiles) {
    const label = join(labels, `${tile}_post_disaster.json`);
    if (pre !== undefined && post !== undefined && existsSync(label)) pairs.push({ disaster, id, pre, post, label });
    else incomplete.push({ tile, missing: [...(pre === undefined ? ['pre image'] : []), ...(post === undefined ? ['post image'] : []), ...(existsSync(label) ? [] : ['post label'])] });
  }
  return { pairs, incomplete };
}
