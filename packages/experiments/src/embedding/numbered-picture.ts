import { createRaster } from '@noisy-pairs/imaging';
import { picture, type Picture } from '@noisy-pairs/pages';
import type { EmbeddingImages, Meaning } from '../data/embedding-images.ts';

/** An image with its number in the plots, and what is known of it. */
export async function numberedPicture(
  images: EmbeddingImages,
  index: number,
  number: number,
): Promise<Picture> {
  const raster = createRaster(images.size, images.size, 3);
  const labels = await images.read(index, raster.data);
  const { noise, class: ofClass } = images.image;
  const words = [...describe(labels.noise, noise), ...describe(labels.class, ofClass)];
  return picture(`${number}: ${words.join(', ')}`, raster);
}

/** @returns a label in words, or none where it is not known */
function describe(value: number, meaning: Meaning | undefined): string[] {
  if (meaning === undefined || Number.isNaN(value)) return [];
  if (meaning.type === 'names') return [meaning.names[value] ?? String(value)];
  return [`${Math.round(100 * value)} % ${meaning.of}`];
}
