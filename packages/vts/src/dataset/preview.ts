import { createRaster, okabeIto, toRgb, type Colour, type Raster } from '@noisy-pairs/imaging';

const GAP = 6;

/** Class ids as colours; they repeat after eight. */
function colourMask(mask: Raster): Raster {
  const rgb = createRaster(mask.width, mask.height, 3);
  for (const [i, label] of mask.data.entries())
    rgb.data.set(okabeIto[label % okabeIto.length] as Colour, 3 * i);
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
