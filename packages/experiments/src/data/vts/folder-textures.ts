import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TextureOptions } from '@noisy-pairs/vts';

const COMMON_NOISE = ['gravel', 'noise'];

/**
 * Classes and noise of a texture folder, where the user did not name them: the noise is `gravel` or
 * `noise` if there is one, else the last by name; the classes are all others.
 * @throws if the folder is missing or has too few classes.
 */
export function chooseTextures(
  dir: string,
  size: number,
  classes?: readonly string[],
  noiseClass?: string,
): TextureOptions & { kind: 'folder' } {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new Error(
      `--textures: expected a folder with textures of at least ${size} px at ${dir}, got none`,
    );
  const found = [
    ...new Set(
      readdirSync(dir)
        .filter((name) => statSync(join(dir, name)).isDirectory() || /\.(png|jpe?g)$/i.test(name))
        .map((name) => name.replace(/\.(png|jpe?g)$/i, '')),
    ),
  ].sort();
  const noise =
    noiseClass ?? COMMON_NOISE.find((name) => found.includes(name)) ?? found[found.length - 1];
  const others = classes ?? found.filter((name) => name !== noise);
  if (noise === undefined || others.length < 2)
    throw new Error(
      `--textures: expected two classes and a noise in ${dir}, got ${found.join(', ') || 'none'}`,
    );
  return { kind: 'folder', dir, classes: [...others], noiseClass: noise };
}
