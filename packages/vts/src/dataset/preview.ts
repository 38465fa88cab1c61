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
function colourMask(mask: Raster): Raster {
  const rgb = createRaster(mask.width, mask.height, 3);
  for (const [i, label] of mask.data.entries())
    rgb.data.set(COLOURS[label % COLOURS.length] as readonly number[], 3 * i);
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
  const step = size + GAP;
  const sheet = createRaster(3 * step + GAP, rows.length * step + GAP, 3);
  sheet.data.fill(255);
  for (const [r, [clean, noisy, mask]] of rows.entries()) {
    for (const [c, image] of [toRgb(clean), toRgb(noisy), colourMask(mask)].entries()) {
      if (image.width !== size || image.height !== size)
        throw new Error(
          `contact sheet: expected images of ${size} x ${size} pixels, got ` +
            `${image.width} x ${image.height}`,
        );
      paste(sheet, image, GAP + c * step, GAP + r * step);
    }
  }
  return sheet;
}

/** Copies an RGB image into a sheet. */
function paste(sheet: Raster, { width, height, data }: Raster, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * 3, (y + 1) * width * 3);
    sheet.data.set(row, 3 * ((top + y) * sheet.width + left));
  }
}
