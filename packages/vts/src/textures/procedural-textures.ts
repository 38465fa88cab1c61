import { Random } from '@noisy-pairs/imaging';
import type { CompleteVtsOptions, ProceduralTextures } from '../options.ts';
import { familyNames, noiseFamily, proceduralTexture } from './families.ts';
import type { Texture, TextureBank, TextureSet } from './texture.ts';

/** Textures by the built-in families; each is made when first asked for. */
export function openProcedural(
  { size, seed, split }: CompleteVtsOptions,
  { classes: count, instances }: ProceduralTextures,
): TextureSet {
  const classes = familyNames.slice(0, count);
  // A power of two, for the transform, that leaves crops some room.
  const edge = 2 ** Math.ceil(Math.log2(1.25 * size));
  const make = (name: string, orientations: number, i: number): Texture => {
    const random = Random.from(seed).split('texture', split, name, i);
    const pixels = proceduralTexture(orientations, edge, random);
    return { name: `${name} ${i}`, width: edge, height: edge, pixels };
  };
  const bank = (name: string, orientations: number): TextureBank => {
    const made: Texture[] = [];
    return { length: instances, get: (i) => (made[i] ??= make(name, orientations, i)) };
  };
  return {
    classes,
    noiseClass: noiseFamily,
    banks: [...classes.map((name, i) => bank(name, i + 1)), bank(noiseFamily, 0)],
  };
}
