import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRaster, writePng, type Raster } from '@noisy-pairs/imaging';
import { ignoreLabel } from './labelled.ts';

type Colour = readonly [number, number, number];

/** Okabe and Ito's colours, told apart by the colour-blind too; more classes start over. */
const palette: readonly Colour[] = [[0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167], [213, 94, 0], [86, 180, 233], [240, 228, 66], [0, 0, 0]];
const ignored: Colour = [255, 255, 255];

/**
 * Image, true mask and predicted mask side by side; what the truth ignores is white in both masks.
 * @param image [S, S, 3] @param truth [S, S] class ids or 255 @param prediction [S, S] class ids
 */
export function predictionPanel(image: Uint8Array, truth: Uint8Array, prediction: Uint8Array, size: number): Raster {
  const panel = createRaster(size * 3, size, 3);
  const colour = (id: number | undefined): Colour => palette[(id ?? 0) % palette.length] ?? ignored;
  for (let i = 0; i < size * size; i++) {
    const at = (Math.floor(i / size) * size * 3 + (i % size)) * 3;
    const skip = truth[i] === ignoreLabel;
    panel.data.set(image.subarray(i * 3, i * 3 + 3), at);
    panel.data.set(skip ? ignored : colour(truth[i]), at + size * 3);
    panel.data.set(skip ? ignored : colour(prediction[i]), at + size * 6);
  }
  return panel;
}

/** Writes panels as `predictions/000000.png` and so on. */
export async function writePredictions(folder: string, panels: readonly Raster[]): Promise<void> {
  await mkdir(join(folder, 'predictions'), { recursive: true });
  for (const [i, panel] of panels.entries()) await writePng(join(folder, 'predictions', `${String(i).padStart(6, '0')}.png`), panel);
}
