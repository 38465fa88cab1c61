import { ignoreLabel } from '@noisy-pairs/pairs';
import { completeOptions, createGenerator, openTextures } from '@noisy-pairs/vts';
import type { EmbeddingImages } from '../embedding-images.ts';
import type { ImagesRun } from '../kind.ts';
import type { VtsData } from './schema.ts';

/** r_img of the noisy images shown to an encoder of clean pairs, which has none of its own. */
const noiseToSee = 0.5;

/**
 * Images of the run's test textures, each noise-free (even indices) and noisy (odd ones). What
 * noise covers has no class: it cannot be seen.
 */
export async function vtsImages(
  { size, cells, textures: textureOptions }: VtsData,
  { imageNoise: runNoise, seed }: ImagesRun,
  points: number,
): Promise<EmbeddingImages> {
  const imageNoise = runNoise > 0 ? runNoise : noiseToSee;
  const length = 2 * Math.ceil(points / 2);
  const options = completeOptions({
    size,
    cells,
    imageNoise,
    seed,
    length: length / 2,
    textures: textureOptions,
    split: 'test',
  });
  const textures = await openTextures(options);
  const generate = createGenerator(options, textures);
  return {
    size,
    length,
    about: [
      `${length / 2} held-out images of ${cells} cells of texture, each twice: noise-free, and`,
      `noisy, with a share r_img = ${imageNoise} of its cells filled with a noise texture`,
      `(${textures.noiseClass}); what it covers has no class.`,
      runNoise > 0
        ? "That is the noise of this run's settings."
        : `This run has no noise of its own; r_img ${noiseToSee} is taken so that there is some ` +
          'to see.',
    ].join(' '),
    ...meanings(textures.classes, imageNoise),
    read(index, image) {
      const noisy = index % 2 === 1;
      const classes = new Uint8Array(size * size);
      const noise = new Uint8Array(size * size);
      const drawn = noisy ? { noisy: image, noiseMask: noise } : { clean: image };
      generate(index >> 1, { ...drawn, mask: classes });
      return {
        group: index >> 1,
        class: shareOfFirst(classes, noise),
        noise: noisy ? 1 : 0,
        pixels: seenPixels(classes, noise),
      };
    },
  };
}

/** @param names of the classes */
function meanings(
  names: readonly string[],
  imageNoise: number,
): Pick<EmbeddingImages, 'image' | 'pixel' | 'unlabelled'> {
  const [first = ''] = names;
  return {
    image: {
      class: { type: 'share', title: `By class: share of ${first}`, of: first },
      noise: {
        type: 'names',
        title: 'By noise',
        names: ['noise-free image', `noisy image, r_img ${imageNoise}`],
      },
    },
    pixel: {
      class: { type: 'names', title: 'By class', names },
      noise: { type: 'names', title: 'By noise', names: ['texture of a class', 'noise'] },
    },
    unlabelled: 'noise covers it',
  };
}

/** Share of the first class in what noise does not cover, 0..1. */
function shareOfFirst(classes: Uint8Array, noise: Uint8Array): number {
  const seen = classes.filter((_, i) => noise[i] === 0);
  return seen.filter((label) => label === 0).length / seen.length;
}

/** Classes of what noise does not cover, and whether it does. */
function seenPixels(classes: Uint8Array, noise: Uint8Array) {
  return {
    classes: classes.map((label, i) => (noise[i] === 0 ? label : ignoreLabel)),
    noise: noise.map((covered) => (covered === 0 ? 0 : 1)),
  };
}
