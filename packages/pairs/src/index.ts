export type { BatchArrays } from './batch-buffer.ts';
export {
  openPairLoader,
  type PairBatch,
  type PairLoader,
  type PairLoaderOptions,
} from './loader.ts';
export {
  pairFilters,
  sampleStream,
  type PairFilter,
  type Sample,
  type SampleStream,
} from './sample-stream.ts';
export {
  ignoreLabel,
  openSource,
  type ClassifiedSource,
  type LabelledSource,
  type PairKind,
  type PairSource,
  type SourceSpec,
} from './source.ts';
export { drawView, type ViewBatch } from './view-batch.ts';
export { frameNumbers, viewFrames } from './view-frames.ts';
export {
  checkViewPolicy,
  cifarViews,
  mocoV2Views,
  plainViews,
  type ViewPolicy,
} from './view-policy.ts';
