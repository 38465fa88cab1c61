export { confusionMatrix, type ConfusionMatrix } from './confusion-matrix.ts';
export { positionClasses } from './position-classes.ts';
export { type Products } from './products.ts';
export { auroc, clusteredAuroc, percentile, type ClusteredAuroc } from './statistics/auroc.ts';
export {
  findings,
  type Finding,
  type FindingOptions,
  type FindingOutcome,
  type TestP,
} from './statistics/findings.ts';
export { holm, type Holm } from './statistics/holm.ts';
export {
  differencePower,
  equivalencePower,
  seedsFor,
  smallestEffect,
  type Planned,
} from './statistics/power.ts';
export { successesP, wilsonShare, type Share } from './statistics/proportion.ts';
export { reachOf, type Reach } from './statistics/reach.ts';
export {
  pairedDifference,
  pairedDifferences,
  summarise,
  type Summary,
} from './statistics/summary.ts';
export {
  aboveP,
  belowP,
  differenceP,
  equivalenceP,
  intervalAt,
  spreadOf,
  type Spread,
} from './statistics/t-test.ts';
export {
  checkKnn,
  weightedKnn,
  type KnnResult,
  type KnnSettings,
  type LabelledFeatures,
} from './weighted-knn.ts';
export { xview2Score, type XView2Result, type XView2Score } from './xview2-score.ts';
