import { Random } from '@noisy-pairs/imaging';
import type { CompleteVtsOptions, ProceduralTextures } from '../options.ts';
import { familyNames, noiseFamily, proceduralTexture } from './families.ts';
import type { Texture, TextureBank, TextureSet } from './texture.ts';

/**
 * A cell's own deviation would tell its class: the fewer orientations, the more it varies. At 40,
 * hardly a pixel leaves 0..255. The ranges are narrow, but wide enough to hide what rounding to
 * whole grey levels leaves.
 */
const cellLevels = { mean: [126.5, 128.5], deviation: [39, 41] } as const;

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
    levels: cellLevels,
    banks: [...classes.map((name, i) => bank(name, i + 1)), bank(noiseFamily, 0)],
  };
}
