export { holdOutEvents, officialSplit, randomSplit } from './index/splits.ts';
export {
  readIndex,
  writeIndex,
  type XbdIndex,
  type XbdPair,
  type XbdProblem,
} from './index/index-file.ts';
export { indexXbd, type IndexOptions } from './index/index-xbd.ts';
export { damageMask, type Unclassified } from './labels/damage-mask.ts';
export { fillPolygon } from './labels/fill-polygon.ts';
export { damageValues, type Building, type Damage, type Label } from './labels/label.ts';
export { openMaskCache, type MaskCache } from './labels/mask-cache.ts';
export { parseLabel } from './labels/parse-label.ts';
export { writeSampleSet, type SampleOptions } from './sample/sample-set.ts';
export { type CropOptions, type NoiseMeasure } from './sources/crop-options.ts';
export { type CropTag } from './sources/crop-tag.ts';
export { cropPairs, type Crop, type CropList } from './sources/crops.ts';
export { geotiffPairs, type GeotiffPairsOptions } from './sources/geotiff-pairs.ts';
export { xbdBuildings, xbdDamage, type XbdLabelledOptions } from './sources/labelled-source.ts';
export { xbdPairs, type XbdPairing, type XbdPairsOptions } from './sources/pair-source.ts';
export { buildingShare, matchCrops, type MatchedCrops } from './sources/match-crops.ts';
export { writeSubmission } from './submission.ts';
