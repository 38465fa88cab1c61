import { createBlockCache, isNodata } from '@noisy-pairs/geo';
import { createRaster } from '@noisy-pairs/imaging';
import { ignoreLabel, type LabelledSource, type SourceSpec } from '@noisy-pairs/pairs';
import { labelNames } from '../pixels/mask-labels.ts';
import { openImages } from '../pixels/open-images.ts';
import { openLabels, type MaskRole } from '../pixels/open-labels.ts';
import { cropOf, folderSet, type FolderSet, type FolderSetOptions } from './set.ts';

/** src/ and dist/ lie equally deep, so this names the compiled module from either. */
const module = new URL('../../dist/sources/labelled-sources.js', import.meta.url).href;

type Side = 'first' | 'second';

interface LabelledPlan {
  readonly name: string;
  readonly classes: readonly string[];
  readonly set: FolderSet;
  /** For each crop, the images under its mask. */
  readonly sides: readonly (readonly Side[])[];
  readonly roles: readonly MaskRole[];
}

/**
 * Both images with what changed: classes unchanged and changed. Pixels that hold nothing in either
 * image are ignored, as are those the mask does not know. Crops without a mask are left out.
 * @throws if no crop has one
 */
export function folderChange(options: FolderSetOptions): SourceSpec {
  const crops = options.crops.filter(({ pair }) => options.index.pairs[pair]?.change != null);
  return specOf({
    name: 'change of folders',
    classes: ['unchanged', 'changed'],
    set: folderSet({ ...options, crops }, 'change of folders'),
    sides: crops.map(() => ['first', 'second']),
    roles: crops.map(() => 'change'),
  });
}

/**
 * Single images with their masks: crops of first and of second images, those that have one.
 * @throws if no crop has one
 */
export function folderMasks(options: FolderSetOptions): SourceSpec {
  const { pairs, pixels } = options.index;
  const images = options.crops.flatMap((crop) =>
    (['first', 'second'] as const).flatMap((side) =>
      pairs[crop.pair]?.[`${side}Mask`] == null ? [] : [{ crop, side }],
    ),
  );
  const crops = images.map(({ crop }) => crop);
  return specOf({
    name: 'masks of folders',
    classes: labelNames(pixels),
    set: folderSet({ ...options, crops }, 'masks of folders'),
    sides: images.map(({ side }) => [side]),
    roles: images.map(({ side }) => `${side}Mask` as const),
  });
}

const specOf = (plan: LabelledPlan): SourceSpec => ({
  module,
  factory: 'createFolderLabelledSource',
  options: plan,
});

/**
 * Opens the source of a plan.
 * @public found by name, through a SourceSpec
 */
export function createFolderLabelledSource(plan: LabelledPlan): LabelledSource {
  const { name, classes, set, sides, roles } = plan;
  const { root, pixels, size } = set;
  const open = openImages(root, pixels, createBlockCache(set.cacheBytes));
  const labels = openLabels(root, pixels, createBlockCache(set.cacheBytes));
  const bytes = size * size * 3;
  return {
    name,
    size,
    length: sides.length,
    classes,
    images: sides[0]?.length === 2 ? 2 : 1,
    async read(index, image, mask) {
      const { pair, window } = cropOf(set, index);
      const found = await labels(pair, roles[index] as MaskRole, window);
      if (!found) throw new Error(`${pair.name}: expected a mask, got none`);
      mask.set(found);
      for (const [i, side] of (sides[index] as readonly Side[]).entries()) {
        const { data } = await (await open(pair[side])).read(window);
        image.set(data, i * bytes);
        const raster = createRaster(size, size, 3, data);
        for (let at = 0; at < mask.length; at++) if (isNodata(raster, at)) mask[at] = ignoreLabel;
      }
    },
  };
}
