import type { LevelRanges } from '../layout/drawn-levels.ts';

/** A rectangle in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A texture image, at least as large as the images cut from it. */
export interface Texture {
  /** File within the folder, or family and number. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** [height * width] grey values, or red | green << 8 | blue << 16. */
  readonly pixels: Uint8Array | Uint32Array;
  /** The part that images are cut from; absent for all of it. */
  readonly region?: Region;
}

export interface TextureFile {
  readonly name: string;
  /** SHA-256 of the file's bytes; hexadecimal. */
  readonly sha256: string;
}

/**
 * Textures of pretraining, training and test images: different files; disjoint regions of the same
 * files, where a class has fewer than three; or the same files, where these are too small for that.
 */
export type TextureParts = 'files' | 'regions' | 'same';

/** The texture images of one class, made or read when first asked for or before. */
export interface TextureBank {
  readonly length: number;
  get(index: number): Texture;
  /** The files of a folder, and what identifies their contents. */
  readonly files?: readonly TextureFile[];
  /** How the splits share the files of a folder. */
  readonly parts?: TextureParts;
}

/** Texture images of each class, and last of the noise. */
export interface TextureSet {
  readonly classes: readonly string[];
  readonly noiseClass: string;
  /** [classes + 1]; the last is the noise. */
  readonly banks: readonly TextureBank[];
  /**
   * Every cell is brought to a mean and a deviation of these ranges; absent where pixels are kept
   * as they are.
   */
  readonly levels?: LevelRanges;
  /** Names in a folder that are no textures of any class, as litter of the system. */
  readonly leftOut?: readonly string[];
}
