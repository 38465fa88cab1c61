import { hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { decodeImage, Random, toRgb } from '@noisy-pairs/imaging';
import { familyNames, noiseFamily, proceduralTexture } from './families.ts';
import type { CompleteVtsOptions } from '../options.ts';

/** A texture image, at least as large as the images cut from it. */
export interface Texture {
  /** File within the folder, or family and number. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** [height * width] grey values, or red | green << 8 | blue << 16. */
  readonly pixels: Uint8Array | Uint32Array;
}

export interface TextureFile {
  readonly name: string;
  /** Of the file's bytes; hexadecimal. */
  readonly sha256: string;
}

/** The texture images of one class, made or read when first asked for or before. */
export interface TextureBank {
  readonly length: number;
  get(index: number): Texture;
  /** Of a folder: the files, and what identifies their contents. */
  readonly files?: readonly TextureFile[];
}

/** Texture images of each class, and last of the noise. */
export interface TextureSet {
  readonly classes: readonly string[];
  readonly noiseClass: string;
  /** [classes + 1]; the last is the noise. */
  readonly banks: readonly TextureBank[];
}

/** @throws naming the folder or file: missing, no image, smaller than the images to be made. */
export async function openTextures({
  size,
  seed,
  split,
  textures,
}: CompleteVtsOptions): Promise<TextureSet> {
  if (textures.kind === 'procedural') {
    const classes = familyNames.slice(0, textures.classes);
    // A power of two, for the transform, that leaves crops some room.
    const edge = 2 ** Math.ceil(Math.log2(1.25 * size));
    const bank = (name: string, orientations: number): TextureBank => {
      const made: Texture[] = [];
      return {
        length: textures.instances,
        get: (i) =>
          (made[i] ??= {
            name: `${name} ${i}`,
            width: edge,
            height: edge,
            pixels: proceduralTexture(
              orientations,
              edge,
              Random.from(seed).split('texture', split, name, i),
            ),
          }),
      };
    };
    return {
      classes,
      noiseClass: noiseFamily,
      banks: [...classes.map((name, i) => bank(name, i + 1)), bank(noiseFamily, 0)],
    };
  }
  const { dir, classes, noiseClass } = textures;
  const names = [...classes, noiseClass];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Error(`texture classes: expected different names, got ${twice} twice`);
  if (!isFolder(dir)) throw new Error(`texture folder: expected a folder at ${dir}, got none`);
  const banks: TextureBank[] = [];
  for (const name of names) {
    const read = await Promise.all(
      textureFiles(dir, name).map((file) => readTexture(dir, file, size)),
    );
    banks.push({
      length: read.length,
      get: (i) => read[i] as Texture,
      files: read.map(({ name, sha256 }) => ({ name, sha256 })),
    });
  }
  return { classes, noiseClass, banks };
}

/**
 * CLASS/*.png|jpg, or the one file CLASS.png|jpg, within the folder; sorted, so that the file
 * system's order does not matter.
 */
function textureFiles(dir: string, name: string): string[] {
  const isImage = (file: string) => /\.(png|jpe?g)$/i.test(file);
  const folder = join(dir, name);
  if (isFolder(folder)) {
    const files = readdirSync(folder).filter(isImage).sort();
    if (files.length === 0)
      throw new Error(`texture class ${name}: expected PNG or JPEG files in ${folder}, got none`);
    return files.map((file) => join(name, file));
  }
  const files = readdirSync(dir)
    .filter((file) => isImage(file) && parse(file).name === name)
    .sort();
  if (files.length !== 1)
    throw new Error(
      `texture class ${name}: expected a folder ${folder} or one file ${folder}.png, got ` +
        (files.length === 0 ? 'neither' : files.join(' and ')),
    );
  return files;
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function readTexture(
  dir: string,
  name: string,
  size: number,
): Promise<Texture & TextureFile> {
  const path = join(dir, name);
  const bytes = await readFile(path);
  const { width, height, data } = toRgb(await decodeImage(bytes, `texture ${path}`));
  if (Math.min(width, height) < size)
    throw new Error(
      `texture ${path}: expected at least ${size} x ${size} pixels, as the images have, got ` +
        `${width} x ${height}`,
    );
  const pixels = new Uint32Array(width * height);
  let grey = true;
  for (let i = 0, p = 0; i < pixels.length; i++, p += 3) {
    const r = data[p] as number;
    const g = data[p + 1] as number;
    const b = data[p + 2] as number;
    grey &&= r === g && g === b;
    pixels[i] = r | (g << 8) | (b << 16);
  }
  return {
    name,
    sha256: hash('sha256', bytes),
    width,
    height,
    pixels: grey ? toGrey(pixels) : pixels,
  };
}

function toGrey(colours: Uint32Array): Uint8Array {
  const grey = new Uint8Array(colours.length);
  for (let i = 0; i < grey.length; i++) grey[i] = colours[i] as number;
  return grey;
}
