import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { XView2Result } from '@noisy-pairs/evaluation';
import type {
  ClassificationResult,
  PretrainSummary,
  SegmentationResult,
} from '@noisy-pairs/training';
import { configHash, type RunConfig } from '../config/run-config.ts';

/** result.json of a finished run. */
export interface RunResult {
  /** Hash of the configuration that gave it. */
  readonly configHash: string;
  /** Absent where the run was not pretrained. */
  readonly pretraining?: PretrainSummary;
  /** Present where pixels are labelled. */
  readonly segmentation?: SegmentationResult;
  /** Present where whole images are labelled. */
  readonly classification?: ClassificationResult;
  /**
   * Classes of damage from both images, and the xView2 score over the same crops, un-classified
   * buildings left out.
   */
  readonly damage?: { readonly segmentation: SegmentationResult; readonly xview2: XView2Result };
  /** Share of the pairs whose images are of two classes, where classes are known. */
  readonly falsePairs?: number;
  /** Seconds of the whole run, in the process that finished it. */
  readonly seconds: number;
  readonly environment: {
    readonly node: string;
    readonly tensorflow: string;
    readonly cpu: string;
    readonly threads: number;
    readonly steps: 'compiled' | 'eager';
    readonly precision: string;
  };
}

/** The result in a run's folder, or undefined if there is none of this very configuration. */
export function readResult(folder: string, config: RunConfig): RunResult | undefined {
  const path = join(folder, 'result.json');
  if (!existsSync(path)) return undefined;
  const result = JSON.parse(readFileSync(path, 'utf8')) as RunResult;
  return result.configHash === configHash(config) ? result : undefined;
}
