import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRaster, writePng, type Raster } from '@noisy-pairs/imaging';
import { ignoreLabel } from '@noisy-pairs/pairs';

type Colour = readonly [number, number, number];

/** Okabe and Ito's colours, told apart by the colour-blind too; more classes start over. */
const palette: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [240, 228, 66],
  [0, 0, 0],
];
const ignored: Colour = [255, 255, 255];

/**
 * The images, true mask and predicted mask side by side; what the truth ignores is white in both
 * masks.
 * @param images [n, S, S, 3]
 * @param truth [S, S] class ids or 255
 * @param prediction [S, S] class ids
 */
export function predictionPanel(
  images: Uint8Array,
  truth: Uint8Array,
  prediction: Uint8Array,
  size: number,
): Raster {
  const pixels = size * size,
    count = images.length / (pixels * 3);
  const panel = createRaster(size * (count + 2), size, 3);
  const colour = (id: number | undefined): Colour => palette[(id ?? 0) % palette.length] ?? ignored;
  for (let i = 0; i < pixels; i++) {
    const at = (Math.floor(i / size) * panel.width + (i % size)) * 3;
    const put = (column: number, value: ArrayLike<number>) => {
      panel.data.set(value, at + column * size * 3);
    };
    for (let k = 0; k < count; k++)
      put(k, images.subarray((k * pixels + i) * 3, (k * pixels + i) * 3 + 3));
    const skip = truth[i] === ignoreLabel;
    put(count, skip ? ignored : colour(truth[i]));
    put(count + 1, skip ? ignored : colour(prediction[i]));
  }
  return panel;
}

/** Writes panels as `predictions/000000.png` and so on. */
export async function writePredictions(folder: string, panels: readonly Raster[]): Promise<void> {
  await mkdir(join(folder, 'predictions'), { recursive: true });
  for (const [i, panel] of panels.entries())
    await writePng(join(folder, 'predictions', `${String(i).padStart(6, '0')}.png`), panel);
}
