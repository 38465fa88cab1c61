export { commonWindow } from './georeference/alignment.ts';
export { gridOf, type Grid } from './georeference/grid.ts';
export { readImageHeader, type ImageHeader } from './headers/image-header.ts';
export { createBlockCache, type BlockCache } from './tiff/block-cache.ts';
export { openTiff, type Tiff } from './tiff/tiff.ts';
export { countNodata, isNodata } from './tiles/nodata.ts';
export { openTiles } from './tiles/open-tiles.ts';
export { openTile, readTile, type Tile } from './tiles/tile.ts';
export { type Window } from './window.ts';
