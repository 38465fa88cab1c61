import { join } from 'node:path';
import { ignoreLabel, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { unknownValue } from '../labels/damage-mask.ts';
import { damageValues } from '../labels/label.ts';
import { openMaskCache } from '../labels/mask-cache.ts';
import { openTiles } from '../tiles/open-tiles.ts';
import { createBlockCache } from '../tiles/tiff/block-cache.ts';
import type { Window } from '../tiles/window.ts';
import type { XbdPair } from '../index/xbd-index.ts';

const module = new URL('../../dist/sources/labelled-source.js', import.meta.url).href;

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
  return specOf('createXbdBuildingSource', options);
}

/**
 * Images before and after with the damage: classes background, no-damage, minor-damage,
 * major-damage, destroyed. Nodata and un-classified buildings are ignored.
 */
export function xbdDamage(options: XbdLabelledOptions): SourceSpec {
  return specOf('createXbdDamageSource', options);
}

function specOf(factory: string, options: XbdLabelledOptions): SourceSpec {
  return {
    module,
    factory,
    options: { ...options, crops: options.crops.map(({ pair, window }) => ({ pair, window })) },
  };
}

/** What `xbdBuildings` describes. */
export function createXbdBuildingSource(options: XbdLabelledOptions): LabelledSource {
  return labelledSource(options, {
    name: 'xBD buildings',
    classes: ['background', 'building'],
    images: 1,
    label: (damage) => (damage > 0 ? 1 : 0),
  });
}

/** What `xbdDamage` describes. */
export function createXbdDamageSource(options: XbdLabelledOptions): LabelledSource {
  return labelledSource(options, {
    name: 'xBD damage',
    classes: ['background', ...Object.keys(damageValues)],
    images: 2,
    label: (damage) => (damage === unknownValue ? ignoreLabel : damage),
  });
}

interface Task {
  readonly name: string;
  readonly classes: readonly string[];
  readonly images: 1 | 2;
  /** The label of a pixel by the damage mask's value. */
  readonly label: (damage: number) => number;
}

function labelledSource(
  { root, pairs, crops, size, masks: folder, cacheBytes }: XbdLabelledOptions,
  { name, classes, images, label }: Task,
): LabelledSource {
  const open = openTiles(createBlockCache(cacheBytes));
  const masks = openMaskCache(folder);
  return {
    name,
    size,
    length: crops.length,
    classes,
    images,
    async read(index, image, mask) {
      const crop = crops[index];
      const pair = crop && pairs[crop.pair];
      if (!pair) throw new Error(`expected an index in 0..${crops.length - 1}, got ${index}`);
      const { x, y } = crop.window;
      for (const [i, file] of [pair.pre, pair.post].slice(0, images).entries())
        image.set(
          (await (await open(join(root, file))).read(crop.window)).data,
          i * size * size * 3,
        );
      const damage = await masks.damage(join(root, pair.postLabel), pair.width, pair.height);
      const nodata = await masks.nodata(join(root, pair.pre), join(root, pair.post));
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const at = (y + row) * pair.width + x + column;
          mask[row * size + column] =
            nodata.data[at] !== 0 ? ignoreLabel : label(damage.data[at] as number);
        }
      }
    },
  };
}
