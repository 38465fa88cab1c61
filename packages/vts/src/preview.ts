import { createRaster, toRgb, type Raster } from '@noisy-pairs/imaging';

const GAP = 6;
/** Okabe and Ito's palette: told apart with any colour vision. */
const COLOURS = [[0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167], [213, 94, 0], [86, 180, 233], [240, 228, 66]] as const;

/** Class ids as colours. */
export function colourMask(mask: Raster): Raster {
  const rgb = createRaster(mask.width, mask.height, 3);
  mask.data.forEach((label, i) => { rgb.data.set(COLOURS[label % COLOURS.length] ?? [0, 0, 0], 3 * i); });
  return rgb;
}

/** Rows of clean image, noisy image and mask (one channel of class ids, drawn in colours) on white. All are of one size. */
export function contactSheet(rows: readonly (readonly Raster[])[], classes: number): Raster {
  const size = rows[0]?.[0]?.width ?? 0, columns = rows[0]?.length ?? 0;
  if (size === 0 || classes < 1) throw new Error(`contact sheet: expected images and classes, got ${rows.length} rows and ${classes} classes`);
  const sheet = createRaster(columns * (size + GAP) + GAP, rows.length * (size + GAP) + GAP, 3);
  sheet.data.fill(255);
  rows.forEach((row, r) => {
    row.forEach((image, c) => {
      const { data } = c === 2 ? colourMask(image) : toRgb(image);
      for (let y = 0; y < size; y++) {
        const at = ((GAP + r * (size + GAP) + y) * sheet.width + GAP + c * (size + GAP)) * 3;
        sheet.data.set(data.subarray(y * size * 3, (y + 1) * size * 3), at);
      }
    });
  });
  return sheet;
}
