import { existsSync, statSync } from 'node:fs';
import type { FolderTextures } from '../options.ts';
import { listTextures } from './list-textures.ts';

const commonNoise = ['gravel', 'noise'];

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
): FolderTextures {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new Error(
      `--textures: expected a folder with textures of at least ${size} px at ${dir}, got none`,
    );
  const found = classesIn(dir);
  const noise = noiseClass ?? commonNoise.find((name) => found.includes(name)) ?? found.at(-1);
  const others = classes ?? found.filter((name) => name !== noise);
  if (noise === undefined || others.length < 2)
    throw new Error(
      `--textures: expected two classes and a noise in ${dir}, got ` +
        ((classes ?? found).join(', ') || 'none'),
    );
  return { kind: 'folder', dir, classes: [...others], noiseClass: noise };
}

/** Classes that have images, sorted. */
function classesIn(dir: string): string[] {
  const { classes } = listTextures(dir);
  return [...classes].filter(([, files]) => files.length > 0).map(([name]) => name);
}
