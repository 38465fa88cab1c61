export { commonWindow, gridOf, type Grid } from './tiles/alignment.ts';
export { compareTargets, type TargetComparison } from './labels/compare-targets.ts';
export {
  cropPairs,
  type Crop,
  type CropList,
  type CropOptions,
  type NoiseMeasure,
} from './sources/crops.ts';
export {
  countDamage,
  damageMask,
  unknownValue,
  type DamageCounts,
  type Unclassified,
} from './labels/damage-mask.ts';
export { fillPolygon } from './labels/fill-polygon.ts';
export { findTiles, type FoundTiles, type TileFiles } from './index/find-tiles.ts';
export { geotiffPairs, type GeotiffPairsOptions } from './sources/geotiff-pairs.ts';
export { readImageHeader, type ImageHeader } from './tiles/image-header.ts';
export {
  damages,
  damageValues,
  parseLabel,
  type Building,
  type Damage,
  type Label,
  type LabelMetadata,
  type Polygon,
} from './labels/label.ts';
export {
  createXbdBuildingSource,
  xbdBuildings,
  xbdDamage,
  type XbdLabelledOptions,
} from './sources/labelled-source.ts';
export { openMaskCache, type MaskCache } from './labels/mask-cache.ts';
export { parseTileName, type TileName } from './index/names.ts';
export {
  createXbdPairSource,
  xbdPairs,
  type XbdPairing,
  type XbdPairsOptions,
} from './sources/pair-source.ts';
export { pairPreview } from './preview.ts';
export { writeSampleSet, type SampleOptions } from './sample/sample-set.ts';
export { holdOutEvents, officialSplit, randomSplit } from './index/splits.ts';
export { writeSubmission } from './submission.ts';
export { createBlockCache, type BlockCache } from './tiles/tiff/block-cache.ts';
export { type SampleArray, type Samples } from './tiles/tiff/samples.ts';
export { type TiffStructure } from './tiles/tiff/structure.ts';
export { openTiff, type Tiff } from './tiles/tiff/tiff.ts';
export { openTile, readTile, type Tile } from './tiles/tile.ts';
export { type Window } from './tiles/window.ts';
export {
  indexXbd,
  readIndex,
  writeIndex,
  type IndexOptions,
  type XbdIndex,
  type XbdPair,
  type XbdProblem,
} from './index/xbd-index.ts';
