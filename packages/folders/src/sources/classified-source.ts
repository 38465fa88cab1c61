import { createBlockCache } from '@noisy-pairs/geo';
import type { ClassifiedSource, SourceSpec } from '@noisy-pairs/pairs';
import { openImages } from '../pixels/open-images.ts';
import { cropOf, folderSet, type FolderSet, type FolderSetOptions } from './set.ts';

/** src/ and dist/ lie equally deep, so this names the compiled module from either. */
const module = new URL('../../dist/sources/classified-source.js', import.meta.url).href;

interface ClassifiedPlan {
  readonly set: FolderSet;
  readonly classes: readonly string[];
}

/**
 * Crops of first images, each of the class of its pair; those of pairs without one are left out.
 * Class names are those of the whole index, in order, so that parts of it agree.
 * @throws if no crop has a class
 */
export function folderClasses(options: FolderSetOptions): SourceSpec {
  const { pairs } = options.index;
  const names = pairs.flatMap((pair) => pair.class ?? []);
  const crops = options.crops.filter(({ pair }) => pairs[pair]?.class != null);
  const plan: ClassifiedPlan = {
    set: folderSet({ ...options, crops }, 'classes of folders'),
    classes: [...new Set(names)].sort(),
  };
  return { module, factory: 'createFolderClassifiedSource', options: plan };
}

/**
 * Opens the source of a plan.
 * @public found by name, through a SourceSpec
 */
export function createFolderClassifiedSource({ set, classes }: ClassifiedPlan): ClassifiedSource {
  const open = openImages(set.root, set.pixels, createBlockCache(set.cacheBytes));
  return {
    name: 'classes of folders',
    size: set.size,
    length: set.crops.length / 3,
    classes,
    async read(index, image) {
      const { pair, window } = cropOf(set, index);
      image.set((await (await open(pair.first)).read(window)).data);
      return classes.indexOf(pair.class ?? '');
    },
  };
}
