import { createRaster, toRgb, type Raster } from '@noisy-pairs/imaging';

const GAP = 6;
/** Okabe and Ito's palette: told apart with any colour vision. */
const COLOURS = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [240, 228, 66],
] as const;

/** Class ids as colours; they repeat after seven. */
export function colourMask(mask: Raster): Raster {
  const rgb = createRaster(mask.width, mask.height, 3);
  mask.data.forEach((label, i) => {
    rgb.data.set(COLOURS[label % COLOURS.length] as readonly number[], 3 * i);
  });
  return rgb;
}

/**
 * Rows of clean image, noisy image and mask (class ids, shown as colours) on white.
 * @throws if there is none, or they are not of one size.
 */
export function contactSheet(
  rows: readonly (readonly [clean: Raster, noisy: Raster, mask: Raster])[],
): Raster {
  const size = rows[0]?.[0].width;
  if (size === undefined) throw new Error('contact sheet: expected at least one image, got none');
  const sheet = createRaster(3 * (size + GAP) + GAP, rows.length * (size + GAP) + GAP, 3);
  sheet.data.fill(255);
  rows.forEach(([clean, noisy, mask], r) => {
    [toRgb(clean), toRgb(noisy), colourMask(mask)].forEach(({ width, height, data }, c) => {
      if (width !== size || height !== size)
        throw new Error(
          `contact sheet: expected images of ${size} x ${size} pixels, got ${width} x ${height}`,
        );
      for (let y = 0; y < size; y++) {
        const left = (GAP + r * (size + GAP) + y) * sheet.width + GAP + c * (size + GAP);
        sheet.data.set(data.subarray(y * size * 3, (y + 1) * size * 3), 3 * left);
      }
    });
  });
  return sheet;
}
