export { commonWindow, gridOf, type Grid } from './alignment.ts';
export { compareTargets, type TargetComparison } from './compare-targets.ts';
export {
  cropPairs,
  type Crop,
  type CropList,
  type CropOptions,
  type NoiseMeasure,
} from './crops.ts';
export {
  countDamage,
  damageMask,
  unknownValue,
  type DamageCounts,
  type Unclassified,
} from './damage-mask.ts';
export { fillPolygon } from './fill-polygon.ts';
export { findTiles, type FoundTiles, type TileFiles } from './find-tiles.ts';
export { geotiffPairs, type GeotiffPairsOptions } from './geotiff-pairs.ts';
export { readImageHeader, type ImageHeader } from './image-header.ts';
export {
  damages,
  damageValues,
  parseLabel,
  type Building,
  type Damage,
  type Label,
  type LabelMetadata,
  type Polygon,
} from './label.ts';
export {
  createXbdBuildingSource,
  xbdBuildings,
  xbdDamage,
  type XbdLabelledOptions,
} from './labelled-source.ts';
export { openMaskCache, type MaskCache } from './mask-cache.ts';
export { parseTileName, type TileName } from './names.ts';
export {
  createXbdPairSource,
  xbdPairs,
  type XbdPairing,
  type XbdPairsOptions,
} from './pair-source.ts';
export { pairPreview } from './preview.ts';
export { writeSampleSet, type SampleOptions } from './sample/sample-set.ts';
export { holdOutEvents, officialSplit, randomSplit } from './splits.ts';
export { writeSubmission } from './submission.ts';
export { createBlockCache, type BlockCache } from './tiff/block-cache.ts';
export { type SampleArray, type Samples } from './tiff/samples.ts';
export { type TiffStructure } from './tiff/structure.ts';
export { openTiff, type Tiff } from './tiff/tiff.ts';
export { openTile, readTile, type Tile } from './tile.ts';
export { type Window } from './window.ts';
export {
  indexXbd,
  readIndex,
  writeIndex,
  type IndexOptions,
  type XbdIndex,
  type XbdPair,
  type XbdProblem,
} from './xbd-index.ts';
