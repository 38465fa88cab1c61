export { type BatchArrays } from './loader/batch-buffer.ts';
export {
  openPairLoader,
  type PairBatch,
  type PairLoader,
  type PairLoaderOptions,
} from './loader/loader.ts';
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
  type PairSource,
  type SourceSpec,
} from './source.ts';
export { drawView, type ViewBatch } from './views/view-batch.ts';
export { viewFrames } from './views/view-frames.ts';
export { cifarViews, mocoV2Views, plainViews, type ViewPolicy } from './views/view-policy.ts';
