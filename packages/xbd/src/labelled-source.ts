import { join } from 'node:path';
import type { LabelledSource, SourceSpec } from '@noisy-pairs/pairs';
import { unknownValue } from './damage-mask.ts';
import { openMaskCache } from './mask-cache.ts';
import { openTiles } from './open-tiles.ts';
import { createBlockCache } from './tiff/block-cache.ts';
import type { Window } from './window.ts';
import type { XbdPair } from './xbd-index.ts';

const module = new URL('../dist/labelled-source.js', import.meta.url).href;

/** Ignored in loss and score. */
const ignore = 255;

export interface XbdLabelledOptions {
  readonly root: string;
  readonly pairs: readonly XbdPair[];
  /** Which squares of which pairs. */
  readonly crops: readonly { readonly pair: number; readonly window: Window }[];
  /** Edge of the crops. */
  readonly size: number;
  /** Folder of cached masks. */
  readonly masks?: string;
  readonly cacheBytes?: number;
}

/** Images before with their buildings: classes background and building. Nodata is ignored. */
export function xbdBuildings(options: XbdLabelledOptions): SourceSpec {
  return { module, factory: 'createXbdBuildingSource', options: { ...options, crops: options.crops.map(({ pair, window }) => ({ pair, window })) } };
}

/** What `xbdBuildings` describes. */
export function createXbdBuildingSource({ root, pairs, crops, size, masks: folder, cacheBytes }: XbdLabelledOptions): LabelledSource {
  const open = openTiles(createBlockCache(cacheBytes));
  const masks = openMaskCache(folder);
  return {
    name: 'xBD buildings',
    size,
    length: crops.length,
    classes: ['background', 'building'],
    async read(index, image, mask) {
      const crop = crops[index];
      const pair = crop && pairs[crop.pair];
      if (!pair) throw new Error(`expected an index in 0..${crops.length - 1}, got ${index}`);
      const { x, y } = crop.window;
      image.set((await (await open(join(root, pair.pre))).read(crop.window)).data);
      const damage = await masks.damage(join(root, pair.postLabel), pair.width, pair.height);
      const nodata = await masks.nodata(join(root, pair.pre), join(root, pair.post));
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const at = (y + row) * pair.width + x + column;
          const value = damage.data[at] as number;
          mask[row * size + column] = nodata.data[at] !== 0 ? ignore : value === unknownValue || value > 0 ? 1 : 0;
        }
      }
    },
  };
}
