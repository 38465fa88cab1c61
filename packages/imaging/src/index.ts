export { writeFileAtomic } from './atomic-file.ts';
export { decodeImage, encodeJpeg, encodePng, readImage, writePng } from './codec.ts';
export { diskNow } from './disk-clock.ts';
export { hexColour, okabeIto, type Colour } from './palette.ts';
export { Random, type RandomState, type SplitKey } from './random.ts';
export { openRegularFile, readRegularFile, requireRegularFile } from './regular-file.ts';
export { createRaster, toRgb, type Raster } from './raster.ts';
export { temporaryName } from './temporary-name.ts';
export { removeUnfinishedFiles } from './unfinished-files.ts';
