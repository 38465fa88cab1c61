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
  const { classes: names, noiseClass } = textures;
  const [first = ''] = names;
  return {
    size,
    length,
    about:
      `${length / 2} held-out images of ${cells} cells of texture, each twice: noise-free, and ` +
      `noisy, with a share r_img = ${imageNoise} of its cells filled with a noise texture ` +
      `(${noiseClass}); what it covers has no class. ` +
      (runNoise > 0
        ? "That is the noise of this run's settings."
        : `This run has no noise of its own; r_img ${noiseToSee} is taken so that there is some ` +
          'to see.'),
    image: {
      class: { kind: 'share', title: `By class: share of ${first}`, of: first },
      noise: {
        kind: 'names',
        title: 'By noise',
        names: ['noise-free image', `noisy image, r_img ${imageNoise}`],
      },
    },
    pixel: {
      class: { kind: 'names', title: 'By class', names },
      noise: { kind: 'names', title: 'By noise', names: ['texture of a class', 'noise'] },
    },
    unlabelled: 'noise covers it',
    read(index, image) {
      const noisy = index % 2 === 1;
      const classes = new Uint8Array(size * size),
        noise = new Uint8Array(size * size);
      generate(
        index >> 1,
        noisy ? { noisy: image, mask: classes, noiseMask: noise } : { clean: image, mask: classes },
      );
      let seen = 0,
        ofFirst = 0;
      for (let i = 0; i < classes.length; i++) {
        if (noise[i] !== 0) {
          noise[i] = 1;
          classes[i] = ignoreLabel;
        } else {
          seen++;
          if (classes[i] === 0) ofFirst++;
        }
      }
      return {
        group: index >> 1,
        class: ofFirst / seen,
        noise: noisy ? 1 : 0,
        pixels: { classes, noise },
      };
    },
  };
}
