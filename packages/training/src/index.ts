export { adamW, type AdamWRates, type Moments } from './adam-w.ts';
export { applySegmentation, type ApplySegmentationOptions } from './apply-segmentation.ts';
export { findCheckpoint, loadCheckpoint, saveCheckpoint, type Checkpoint } from './checkpoint.ts';
export {
  trainClassification,
  type ClassificationOptions,
  type ClassificationResult,
} from './classification.ts';
export { type EncoderWeights } from './encoder-weights.ts';
export { type HeadMode, type HeadTrainingOptions } from './head-training.ts';
export {
  featureMaps,
  type FeatureMaps,
  type FeatureMapsOptions,
  type ImageSequence,
} from './feature-maps.ts';
export { lars, type LarsRates } from './lars.ts';
export { openKnnMonitor, type KnnMonitorOptions } from './knn-monitor.ts';
export { NonFiniteLossError } from './meter.ts';
export { type Monitor } from './monitor.ts';
export { type Normalise } from './normalise.ts';
export {
  openOptimizer,
  type Optimizer,
  type OptimizerName,
  type OptimizerSettings,
} from './optimizer.ts';
export { pooledFeatures, type PooledFeaturesOptions } from './pooled-features.ts';
export {
  pretrain,
  type PretrainOptions,
  type PretrainResult,
  type PretrainSummary,
} from './pretrain.ts';
export { type Progress } from './progress.ts';
export { readMetrics, type MetricsLine } from './run-log.ts';
export { learningRateAt, type Schedule } from './schedule.ts';
export {
  trainSegmentation,
  type SegmentationOptions,
  type SegmentationResult,
} from './segmentation.ts';
export { sgd, type SgdRates } from './sgd.ts';
export { pretrainStep } from './step.ts';
export {
  applyViews,
  viewFunction,
  viewSpecs,
  viewTensors,
  viewValues,
  type ViewFunction,
  type ViewInputs,
  type ViewValues,
} from './views.ts';
export { hashTensors } from './weight-hash.ts';
