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
  /** [height * width] grey values, or red | green << 8 | blue << 16. */
  readonly pixels: Uint8Array | Uint32Array;
  /** The same, column by column: a turned crop reads it in its order in memory. */
  readonly transposed: Uint8Array | Uint32Array;
}

/** The texture images of one class, made or read when first asked for or before. */
export interface TextureBank {
  readonly length: number;
  get(index: number): Texture;
}

/** Texture images of each class, and last of the noise. */
export interface TextureSet {
  readonly classes: readonly string[];
  readonly noiseClass: string;
  /** [classes + 1]; the last is the noise. */
  readonly banks: readonly TextureBank[];
}

/** @throws naming the folder or file: missing, no image, smaller than the images to be made. */
export async function openTextures({ size, seed, split, textures }: CompleteVtsOptions): Promise<TextureSet> {
  if (textures.kind === 'procedural') {
    const classes = familyNames.slice(0, textures.classes);
    const edge = 2 ** Math.ceil(Math.log2(2 * size));
    const bank = (name: string, orientations: number): TextureBank => {
      const made: Texture[] = [];
      return {
        length: textures.instances,
        get: (i) => made[i] ??= texture(`${name} ${i}`, edge, edge, proceduralTexture(orientations, edge, Random.from(seed).split('texture', split, name, i))),
      };
    };
    return { classes, noiseClass: noiseFamily, banks: [...classes.map((name, i) => bank(name, i + 1)), bank(noiseFamily, 0)] };
  }
  const { dir, classes, noiseClass } = textures;
  const names = [...classes, noiseClass];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`texture classes: expected different names, got ${twice} twice`);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new Error(`texture folder: expected a folder at ${dir}, got none`);
  const banks: TextureBank[] = [];
  for (const name of names) {
    const read = await Promise.all(textureFiles(dir, name).map((path) => readTexture(path, size)));
    banks.push({ length: read.length, get: (i) => read[i] as Texture });
  }
  return { classes, noiseClass, banks };
}

function texture(name: string, width: number, height: number, pixels: Uint8Array | Uint32Array): Texture {
  const transposed = pixels.slice();
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) transposed[x * height + y] = pixels[i] as number;
  return { name, width, height, pixels, transposed };
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
  const { width, height, data }: Raster = toRgb(await readImage(path));
  if (Math.min(width, height) < size) throw new Error(`texture ${path}: expected at least ${size} x ${size} pixels, as the images have, got ${width} x ${height}`);
  const pixels = new Uint32Array(width * height);
  let grey = true;
  for (let i = 0, p = 0; i < pixels.length; i++, p += 3) {
    const [r, g, b] = [data[p] as number, data[p + 1] as number, data[p + 2] as number];
    grey &&= r === g && g === b;
    pixels[i] = r | (g << 8) | (b << 16);
  }
  return texture(path, width, height, grey ? Uint8Array.from(pixels, (colour) => colour & 255) : pixels);
}
