import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { decodeImage, Random, toRgb, type Raster } from '@noisy-pairs/imaging';
import type { CompleteVtsOptions, FolderTextures } from '../options.ts';
import { listTextures, type TextureFiles } from './list-textures.ts';
import { splitTextures, type ReadTexture } from './split-textures.ts';
import type { Texture, TextureBank, TextureFile, TextureSet } from './texture.ts';

/**
 * Texture images from a folder, those of the split, all in memory.
 * @throws naming the folder or file: missing, no image, too small
 */
export async function openFolder(
  { size, seed, split }: CompleteVtsOptions,
  { dir, classes, noiseClass }: FolderTextures,
): Promise<TextureSet> {
  const names = namesOf(classes, noiseClass);
  if (!isFolder(dir)) throw new Error(`texture folder: expected a folder at ${dir}, got none`);
  const found = listTextures(dir);
  const banks: TextureBank[] = [];
  for (const name of names) {
    const textures = await readTextures(dir, filesOf(found, dir, name), size);
    const random = Random.from(seed).split('texture files', name);
    const { parts, textures: own } = splitTextures(textures, size, split, random);
    banks.push({ ...bankOf(own), parts });
  }
  return { classes, noiseClass, banks, leftOut: found.leftOut };
}

/**
 * The files of a folder's classes and noise, in the same order wherever it lies.
 * @throws as openFolder, but for what is in the files
 */
export async function hashTextures({
  dir,
  classes,
  noiseClass,
}: Pick<FolderTextures, 'dir' | 'classes' | 'noiseClass'>): Promise<TextureFile[]> {
  const names = namesOf(classes, noiseClass);
  if (!isFolder(dir)) throw new Error(`texture folder: expected a folder at ${dir}, got none`);
  const found = listTextures(dir);
  const files = names.flatMap((name) => filesOf(found, dir, name));
  return Promise.all(
    files.map(async (name) => ({
      name: name.replaceAll(sep, '/'),
      sha256: hash('sha256', await readFile(join(dir, name))),
    })),
  );
}

/** @throws if one is there twice */
function namesOf(classes: readonly string[], noiseClass: string): string[] {
  const names = [...classes, noiseClass];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Error(`texture classes: expected different names, got ${twice} twice`);
  return names;
}

const readTextures = (dir: string, files: readonly string[], size: number) =>
  Promise.all(files.map((file) => readTexture(dir, file, size)));

const bankOf = (textures: readonly ReadTexture[]): TextureBank => ({
  length: textures.length,
  get: (i) => textures[i] as Texture,
  files: textures.map(({ name, sha256 }) => ({ name, sha256 })),
});

/** Those of one class. @throws if there are none, or several beside one another */
function filesOf({ classes }: TextureFiles, dir: string, name: string): readonly string[] {
  const folder = join(dir, name);
  const files = classes.get(name);
  if (isFolder(folder)) {
    if (files === undefined || files.length === 0) {
      const got = files ? 'none' : 'no permission to read it';
      throw new Error(`texture class ${name}: expected PNG or JPEG files in ${folder}, got ${got}`);
    }
    return files;
  }
  if (files?.length !== 1) {
    const got = files ? files.join(' and ') : 'neither';
    throw new Error(
      `texture class ${name}: expected a folder ${folder} or one file ${folder}.png, got ${got}`,
    );
  }
  return files;
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function readTexture(dir: string, name: string, size: number): Promise<ReadTexture> {
  const path = join(dir, name);
  const bytes = await readFile(path);
  const raster = toRgb(await decodeImage(bytes, `texture ${path}`));
  const { width, height } = raster;
  if (Math.min(width, height) < size)
    throw new Error(
      `texture ${path}: expected at least ${size} x ${size} pixels, as the images have, got ` +
        `${width} x ${height}`,
    );
  return { name, sha256: hash('sha256', bytes), width, height, pixels: packed(raster) };
}

/** Grey values where all pixels are grey, else red | green << 8 | blue << 16. */
function packed({ width, height, data }: Raster): Uint8Array | Uint32Array {
  const colours = new Uint32Array(width * height);
  let isGrey = true;
  for (let i = 0, p = 0; i < colours.length; i++, p += 3) {
    const r = data[p] as number;
    const g = data[p + 1] as number;
    const b = data[p + 2] as number;
    isGrey &&= r === g && g === b;
    colours[i] = r | (g << 8) | (b << 16);
  }
  return isGrey ? new Uint8Array(colours) : colours;
}
