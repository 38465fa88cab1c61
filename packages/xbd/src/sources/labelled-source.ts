import { join } from 'node:path';
import { createBlockCache, openTiles, type Window } from '@noisy-pairs/geo';
import { ignoreLabel, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import type { XbdPair } from '../index/index-file.ts';
import { unknownValue } from '../labels/damage-mask.ts';
import { damageValues } from '../labels/label.ts';
import { openMaskCache } from '../labels/mask-cache.ts';

/** src/ and dist/ lie equally deep, so this names the compiled module from either. */
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
  const crops = options.crops.map(({ pair, window }) => ({ pair, window }));
  return { module, factory, options: { ...options, crops } };
}

/**
 * Opens the source of `xbdBuildings`.
 * @public found by name, through a SourceSpec
 */
export function createXbdBuildingSource(options: XbdLabelledOptions): LabelledSource {
  return labelledSource(options, {
    name: 'xBD buildings',
    classes: ['background', 'building'],
    images: 1,
    label: (damage) => (damage > 0 ? 1 : 0),
  });
}

/**
 * Opens the source of `xbdDamage`.
 * @public found by name, through a SourceSpec
 */
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

  const readImages = async (pair: XbdPair, window: Window, image: Uint8Array) => {
    for (const [i, file] of [pair.pre, pair.post].slice(0, images).entries()) {
      const tile = await open(join(root, file));
      image.set((await tile.read(window)).data, i * size * size * 3);
    }
  };
  const readMask = async (pair: XbdPair, { x, y }: Window, mask: Uint8Array) => {
    const damage = await masks.damage(join(root, pair.postLabel), pair.width, pair.height);
    const nodata = await masks.nodata(join(root, pair.pre), join(root, pair.post));
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const at = (y + row) * pair.width + x + column;
        const isNodata = nodata.data[at] !== 0;
        mask[row * size + column] = isNodata ? ignoreLabel : label(damage.data[at] as number);
      }
    }
  };
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
      await readImages(pair, crop.window, image);
      await readMask(pair, crop.window, mask);
    },
  };
}
