import { Random } from '@noisy-pairs/imaging';
import type { CompleteVtsOptions } from '../options.ts';
import type { TextureBank, TextureSet } from '../textures/texture.ts';
import { STEPS } from './cells.ts';
import { drawLevels, type CellLevels } from './drawn-levels.ts';

/** A square cut out of a texture image, turned and flipped. */
export interface Crop {
  /** Which texture image of the class. */
  readonly texture: number;
  /** Upper left corner in the texture image. */
  readonly x: number;
  readonly y: number;
  /** Quarter turns counter-clockwise, 0..3, after the flip. */
  readonly turns: number;
  /** Mirrored left to right. */
  readonly flip: boolean;
}

/** All that is drawn for one image. */
export interface Layout {
  /** x0, y0, x1, y1, ... in pixels, on the lattice of cells.ts. */
  readonly sites: Float64Array;
  /** Class of each cell. */
  readonly classes: Uint8Array;
  /**
   * Cells in the order in which they become noisy: a noisy image takes the first round(r_img *
   * cells).
   */
  readonly noiseOrder: Uint32Array;
  readonly noisyCells: number;
  /** One a class, and last that of the noise. */
  readonly crops: readonly Crop[];
  /** Of textures whose cells are brought to a mean and a deviation. */
  readonly levels?: CellLevels;
}

/**
 * Draws image `index`: a function of (seed, split, index) and the options, whoever asks and in
 * whatever order.
 */
export function drawLayout(
  options: CompleteVtsOptions,
  textures: TextureSet,
  index: number,
): Layout {
  const { size, cells, imageNoise, seed, split } = options;
  const random = Random.from(seed).split('image', split, index);
  const sites = new Float64Array(2 * cells);
  for (let i = 0; i < sites.length; i++) sites[i] = random.int(size * STEPS) / STEPS;
  // As even as can be: when cells do not divide evenly, chance says which classes get one more.
  const order = random.permutation(textures.classes.length);
  const classes = random.shuffle(
    Uint8Array.from({ length: cells }, (_, i) => order[i % order.length] ?? 0),
  );
  const crops = textures.banks.map((bank) => drawCrop(random, bank, size));
  return {
    sites,
    classes,
    noiseOrder: random.permutation(cells),
    noisyCells: Math.round(imageNoise * cells),
    crops,
    ...(textures.levels && { levels: drawLevels(random, cells, textures.levels) }),
  };
}

function drawCrop(random: Random, bank: TextureBank, size: number): Crop {
  const texture = random.int(bank.length);
  const { width, height, region = { x: 0, y: 0, width, height } } = bank.get(texture);
  return {
    texture,
    x: region.x + random.int(region.width - size + 1),
    y: region.y + random.int(region.height - size + 1),
    turns: random.int(4),
    flip: random.bool(),
  };
}
