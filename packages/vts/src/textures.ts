import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Random, readImage, toRgb, type Raster } from '@noisy-pairs/imaging';
import { familyNames, noiseFamily, proceduralTexture } from './families.ts';
import type { CompleteVtsOptions } from './options.ts';

/** A texture image, at least as large as the images cut from it. */
export interface Texture {
  /** File, or family and number. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** [height * width] red | green << 8 | blue << 16. */
  readonly pixels: Uint32Array;
}

/** Texture images of each class, and last of the noise. */
export interface TextureSet {
  readonly classes: readonly string[];
  readonly noiseClass: string;
  /** [classes + 1] texture images; the last entry is the noise. */
  readonly banks: readonly (readonly Texture[])[];
}

/** @throws naming the folder or file: missing, no image, smaller than the images to be made. */
export async function openTextures({ size, seed, split, textures }: CompleteVtsOptions): Promise<TextureSet> {
  if (textures.kind === 'procedural') {
    const classes = familyNames.slice(0, textures.classes);
    const edge = 2 ** Math.ceil(Math.log2(2 * size));
    const bank = (name: string, orientations: number) => Array.from({ length: textures.instances }, (_, i) => {
      const random = Random.from(seed).split('texture', split, name, i);
      return texture(`${name} ${i}`, edge, edge, Uint32Array.from(proceduralTexture(orientations, edge, random), (grey) => grey * 0x010101));
    });
    return { classes, noiseClass: noiseFamily, banks: [...classes.map((name, i) => bank(name, i + 1)), bank(noiseFamily, 0)] };
  }
  const { dir, classes, noiseClass } = textures;
  const names = [...classes, noiseClass];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`texture classes: expected different names, got ${twice} twice`);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new Error(`texture folder: expected a folder at ${dir}, got none`);
  const banks = [];
  for (const name of names) banks.push(await Promise.all(textureFiles(dir, name).map((path) => readTexture(path, size))));
  return { classes, noiseClass, banks };
}

function texture(name: string, width: number, height: number, pixels: Uint32Array): Texture {
  return { name, width, height, pixels };
}

/** DIR/CLASS/*.png|jpg, or the one file DIR/CLASS.png|jpg; sorted, so that the file system's order does not matter. */
function textureFiles(dir: string, name: string): string[] {
  const isImage = (file: string) => /\.(png|jpe?g)$/i.test(file);
  const folder = join(dir, name);
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    const files = readdirSync(folder).filter(isImage).sort();
    if (files.length === 0) throw new Error(`texture class ${name}: expected PNG or JPEG files in ${folder}, got none`);
    return files.map((file) => join(folder, file));
  }
  const files = readdirSync(dir).filter((file) => isImage(file) && file.replace(/\.[^.]+$/, '') === name).sort();
  if (files.length !== 1) throw new Error(`texture class ${name}: expected a folder ${folder} or one file ${folder}.png, got ${files.length === 0 ? 'neither' : files.join(' and ')}`);
  return files.map((file) => join(dir, file));
}

async function readTexture(path: string, size: number): Promise<Texture> {
  const raster: Raster = toRgb(await readImage(path));
  const { width, height, data } = raster;
  if (Math.min(width, height) < size) throw new Error(`texture ${path}: expected at least ${size} x ${size} pixels, as the images have, got ${width} x ${height}`);
  const pixels = new Uint32Array(width * height);
  for (let i = 0, p = 0; i < pixels.length; i++, p += 3) pixels[i] = (data[p] ?? 0) | ((data[p + 1] ?? 0) << 8) | ((data[p + 2] ?? 0) << 16);
  return texture(path, width, height, pixels);
}
