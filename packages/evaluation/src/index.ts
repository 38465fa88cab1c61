export { confusionMatrix, type ConfusionMatrix } from './confusion-matrix.ts';
export { positionClasses } from './position-classes.ts';
export { type Products } from './products.ts';
export { pairedDifference, summarise, type Summary } from './statistics.ts';
export {
  checkKnn,
  weightedKnn,
  type KnnResult,
  type KnnSettings,
  type LabelledFeatures,
} from './weighted-knn.ts';
export { xview2Score, type XView2Result, type XView2Score } from './xview2-score.ts';
