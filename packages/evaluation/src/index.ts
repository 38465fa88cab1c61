export { confusionMatrix, type ConfusionMatrix } from './confusion-matrix.ts';
export { pairedDifference, summarise, type Summary } from './statistics.ts';
