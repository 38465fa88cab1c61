import { z } from 'zod';
import { nuisanceOptions } from './pairs/nuisance.ts';
import { maxFamilies } from './textures/families.ts';

const share = z.number().min(0).max(1);

export const textureOptions = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('procedural'),
    /** Number of classes, 2..4. */
    classes: z.int().min(2).max(maxFamilies).default(2),
    /** Texture images made of each class and of the noise. */
    instances: z.int().min(1).default(48),
  }),
  z.strictObject({
    kind: z.literal('folder'),
    /** Holds `<class>/*.png|jpg` or `<class>.png|jpg` for each class and the noise class. */
    dir: z.string().min(1),
    classes: z.array(z.string().min(1)).min(2).max(254),
    noiseClass: z.string().min(1),
  }),
]);

const vtsOptions = z.strictObject({
  /** Edge of an image in pixels. */
  size: z.int().min(8).max(4096).default(256),
  /** Voronoi cells an image. */
  cells: z.int().min(1).max(65535).default(20),
  /**
   * r_img: share of a noisy image's cells that are filled with the noise texture; exactly
   * round(r_img * cells) of them.
   */
  imageNoise: share.default(0.5),
  seed: z.int().default(0),
  /** Number of images. */
  length: z.int().min(1),
  textures: textureOptions.default({ kind: 'procedural', classes: 2, instances: 48 }),
  /**
   * Names an independent stream of images (and of procedural textures), e.g. `pretrain`, `train`,
   * `test`.
   */
  split: z.string().default('all'),
  /**
   * Makes the second image of every pair another photograph of the same thing; default: none, so
   * that clean pairs are the same pixels.
   */
  nuisance: nuisanceOptions.optional(),
});

/**
 * Textures by the procedural families, or from a folder. Procedural: `classes` 2..4 (default 2),
 * `instances` a class (default 48).
 */
export type TextureOptions = z.input<typeof textureOptions>;
/** All that decides a VTS data set; every field but `length` has a default. */
export type VtsOptions = z.input<typeof vtsOptions>;
/** The same with all defaults filled in. */
export type CompleteVtsOptions = z.output<typeof vtsOptions>;

type Textures<Kind> = Extract<CompleteVtsOptions['textures'], { kind: Kind }>;
export type ProceduralTextures = Textures<'procedural'>;
export type FolderTextures = Textures<'folder'>;

/** @throws one line naming the option, what was expected and what came. */
export function completeOptions(options: VtsOptions): CompleteVtsOptions {
  const parsed = vtsOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`VTS option ${issue?.path.join('.') || '(all)'}: ${issue?.message ?? 'invalid'}`);
}
