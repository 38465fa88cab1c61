import type { Random } from '@noisy-pairs/imaging';
import type { Region, Texture, TextureFile, TextureParts } from './texture.ts';

const splits = ['pretrain', 'train', 'test'];

/** A texture that was read from a file. */
export type ReadTexture = Texture & TextureFile;

/**
 * The textures of one class that a split shows. Copies of a file count as one, and go together.
 * @param size of the images: a region must hold one
 * @param split another one than pretrain, train and test shows all
 * @param random the same for each split
 */
export function splitTextures(
  textures: readonly ReadTexture[],
  size: number,
  split: string,
  random: Random,
): { readonly parts: TextureParts; readonly textures: readonly ReadTexture[] } {
  const contents = [...new Set(textures.map(({ sha256 }) => sha256))].sort();
  const part = splits.indexOf(split);
  if (contents.length >= splits.length) {
    const own = new Set(shareOf(random.shuffle(contents), part));
    return { parts: 'files', textures: textures.filter(({ sha256 }) => own.has(sha256)) };
  }
  const isLarge = ({ width, height }: Texture) => Math.max(width, height) >= splits.length * size;
  if (!textures.every(isLarge)) return { parts: 'same', textures };
  const order = random.permutation(splits.length);
  const regioned = textures.map((texture) => ({
    ...texture,
    region: third(texture, order[part] as number),
  }));
  return { parts: 'regions', textures: part < 0 ? textures : regioned };
}

/** A quarter to train on, a quarter to test, at least one each; the others to pretrain on. */
function shareOf<T>(all: readonly T[], part: number): readonly T[] {
  const quarter = Math.max(1, Math.floor(all.length / 4));
  if (part < 0) return all;
  if (part === 0) return all.slice(2 * quarter);
  return all.slice((part - 1) * quarter, part * quarter);
}

/** One of three strips across the longer side. */
function third({ width, height }: Texture, index: number): Region {
  const whole = { x: 0, y: 0, width, height };
  const length = Math.floor(Math.max(width, height) / splits.length);
  return width >= height
    ? { ...whole, x: index * length, width: length }
    : { ...whole, y: index * length, height: length };
}
