import type { LabelledSource, PairSource, SourceSpec } from '@noisy-pairs/pairs';
import { createGenerator } from './generator.ts';
import { completeOptions, type VtsOptions } from './options.ts';
import { nuisanceRandom, takenAgain } from './pairs/nuisance.ts';
import { openTextures } from './textures/open-textures.ts';

/** Both src/ and dist/ lie one below the package, so this names the compiled module from either. */
const module = new URL('../dist/sources.js', import.meta.url).href;

/**
 * Pairs for training, made in memory. Clean: the noise-free image twice; noisy: the noise-free
 * image and its noisy version. With `nuisance`, the second image is taken on another day.
 */
export function vtsPairs(options: VtsOptions): SourceSpec {
  return { module, factory: 'createVtsPairSource', options: completeOptions(options) };
}

/** Noise-free images and their masks, made in memory. */
export function vtsLabelled(options: VtsOptions): SourceSpec {
  return { module, factory: 'createVtsLabelledSource', options: completeOptions(options) };
}

/** @throws if an option is out of range or a texture cannot be used. */
export async function createVtsPairSource(options: VtsOptions): Promise<PairSource> {
  const complete = completeOptions(options);
  const generate = createGenerator(complete, await openTextures(complete));
  const { size, length, split, seed, nuisance } = complete;
  return {
    name: `VTS ${split}`,
    size,
    length,
    read(index, noisy, first, second) {
      requireIndex(index, length);
      if (noisy) generate(index, { clean: first, noisy: second });
      else {
        generate(index, { clean: first });
        second.set(first);
      }
      if (nuisance) takenAgain(second, size, nuisance, nuisanceRandom(seed, split, index, noisy));
    },
  };
}

/** @throws as createVtsPairSource. */
export async function createVtsLabelledSource(options: VtsOptions): Promise<LabelledSource> {
  const complete = completeOptions(options);
  const textures = await openTextures(complete);
  const generate = createGenerator(complete, textures);
  const { size, length, split } = complete;
  return {
    name: `VTS ${split}`,
    size,
    length,
    classes: textures.classes,
    read(index, image, mask) {
      requireIndex(index, length);
      generate(index, { clean: image, mask });
    },
  };
}

function requireIndex(index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length)
    throw new Error(`VTS image: expected an index in 0..${length - 1}, got ${index}`);
}
