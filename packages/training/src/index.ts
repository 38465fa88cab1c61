export { adamW, type AdamWRates, type Moments } from './optimizers/adam-w.ts';
export {
  applySegmentation,
  type ApplySegmentationOptions,
} from './heads/segmentation/apply-segmentation.ts';
export {
  findCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from './pretraining/checkpoint.ts';
export {
  trainClassification,
  type ClassificationOptions,
  type ClassificationResult,
} from './heads/classification.ts';
export { type EncoderWeights } from './encoders/encoder-weights.ts';
export { type HeadMode, type HeadTrainingOptions } from './heads/head-options.ts';
export {
  featureMaps,
  type FeatureMaps,
  type FeatureMapsOptions,
  type ImageSequence,
} from './encoders/feature-maps.ts';
export { lars, type LarsRates } from './optimizers/lars.ts';
export { openKnnMonitor, type KnnMonitorOptions } from './pretraining/knn-monitor.ts';
export { NonFiniteLossError } from './run-folder/meter.ts';
export { type Monitor } from './pretraining/monitor.ts';
export {
  openOptimizer,
  type Optimizer,
  type OptimizerName,
  type OptimizerSettings,
} from './optimizers/optimizer.ts';
export { pooledFeatures, type PooledFeaturesOptions } from './encoders/pooled-features.ts';
export {
  pretrain,
  type PretrainOptions,
  type PretrainResult,
  type PretrainSummary,
} from './pretraining/pretrain.ts';
export { type Progress } from './run-folder/progress.ts';
export { readMetrics, type MetricsLine } from './run-folder/run-log.ts';
export { learningRateAt, type Schedule } from './optimizers/schedule.ts';
export {
  trainSegmentation,
  type SegmentationOptions,
  type SegmentationResult,
} from './heads/segmentation/segmentation.ts';
export { sgd, type SgdRates } from './optimizers/sgd.ts';
export { pretrainStep } from './pretraining/step.ts';
export {
  viewSpecs,
  viewTensors,
  viewValues,
  type ViewInputs,
  type ViewValues,
} from './views/view-inputs.ts';
export { applyViews, viewFunction, type ViewFunction } from './views/views.ts';
export { hashTensors } from './encoders/weight-hash.ts';
