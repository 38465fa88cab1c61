import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRaster, okabeIto, writePng, type Colour, type Raster } from '@noisy-pairs/imaging';
import { ignoreLabel } from '@noisy-pairs/pairs';

const ignored: Colour = [255, 255, 255];

/** An image's mask and what was predicted in its place: [S, S] class ids. */
export interface PredictedMask {
  /** With `ignoreLabel`. */
  readonly truth: Uint8Array;
  readonly prediction: Uint8Array;
}

/**
 * The images of a mask, the true mask and the predicted one side by side; what the truth ignores is
 * white in both masks.
 * @param images [n, S, S, 3]
 * @param size S
 */
export function predictionPicture(
  images: Uint8Array,
  { truth, prediction }: PredictedMask,
  size: number,
): Raster {
  const bytes = size * size * 3;
  const count = images.length / bytes;
  const columns = Array.from({ length: count }, (_, k) =>
    images.subarray(k * bytes, (k + 1) * bytes),
  ).concat(coloured(truth, truth), coloured(prediction, truth));
  const picture = createRaster(size * columns.length, size, 3);
  for (const [k, column] of columns.entries()) {
    for (let y = 0; y < size; y++) {
      const row = column.subarray(y * size * 3, (y + 1) * size * 3);
      picture.data.set(row, (y * picture.width + k * size) * 3);
    }
  }
  return picture;
}

/**
 * A mask in colours, which start over after eight classes; white where the truth ignores it.
 * @returns [S, S, 3]
 */
function coloured(mask: Uint8Array, truth: Uint8Array): Uint8Array {
  const colour = (id: number, i: number) =>
    truth[i] === ignoreLabel ? ignored : (okabeIto[id % okabeIto.length] ?? ignored);
  return Uint8Array.from([...mask].flatMap(colour));
}

/** Writes pictures as `predictions/000000.png` and so on. */
export async function writePictures(folder: string, pictures: readonly Raster[]): Promise<void> {
  await mkdir(join(folder, 'predictions'), { recursive: true });
  for (const [i, picture] of pictures.entries())
    await writePng(join(folder, 'predictions', `${String(i).padStart(6, '0')}.png`), picture);
}
