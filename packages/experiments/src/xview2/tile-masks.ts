import { createRaster, type Raster } from '@noisy-pairs/imaging';

/** Puts predicted crops together to whole tiles. */
export interface TileMasks {
  /**
   * Takes the class ids of whole crops, row by row and tile by tile.
   * @param crops [B * cropSize * cropSize]
   * @returns the tiles that they completed, [tileSize, tileSize, 1] each
   */
  add(crops: Uint8Array): Raster[];
}

/** @param cropSize divides `tileSize` */
export function openTileMasks(tileSize: number, cropSize: number): TileMasks {
  const across = tileSize / cropSize;
  let mask = createRaster(tileSize, tileSize, 1);
  let filled = 0;
  const place = (crop: Uint8Array) => {
    const x = (filled % across) * cropSize;
    const y = Math.floor(filled / across) * cropSize;
    for (let row = 0; row < cropSize; row++) {
      const pixels = crop.subarray(row * cropSize, (row + 1) * cropSize);
      mask.data.set(pixels, (y + row) * tileSize + x);
    }
    filled++;
  };
  return {
    add(crops) {
      const complete: Raster[] = [];
      for (let from = 0; from < crops.length; from += cropSize ** 2) {
        place(crops.subarray(from, from + cropSize ** 2));
        if (filled < across ** 2) continue;
        complete.push(mask);
        mask = createRaster(tileSize, tileSize, 1);
        filled = 0;
      }
      return complete;
    },
  };
}
