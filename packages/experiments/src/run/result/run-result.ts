import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { XView2Result } from '@noisy-pairs/evaluation';
import type {
  ClassificationResult,
  PretrainSummary,
  SegmentationResult,
} from '@noisy-pairs/training';
import { parseConfig } from '../../config/parse-config.ts';
import { isHashOf, type RunConfig } from '../../config/run-config.ts';
import { readJsonFile } from '../config-file.ts';
import { resultSchema } from './result-schema.ts';
import type { RunFiles } from './run-files.ts';

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
  /** Numbers and shares of the pairs of an arm, by name. */
  readonly counts?: Readonly<Record<string, number>>;
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
  /** Files of the run beside it, as they were then; results of before have none. */
  readonly files?: RunFiles;
  /** Hash of all the rest, to tell one that was edited; results of before have none. */
  readonly resultHash?: string;
}

/** A run's result as its folder has it. */
export interface FoundResult {
  /** Absent where there is none, or none to go by. */
  readonly result?: RunResult;
  /** Why a result that is there counts as none, on one line; not for another configuration's. */
  readonly damage?: string;
}

/** The result in a run's folder, or undefined if there is none of this very configuration. */
export function readResult(folder: string, config: RunConfig): RunResult | undefined {
  return findResult(folder, config).result;
}

/** Looks for the result of this very configuration; one that is damaged or edited is none. */
export function findResult(folder: string, config: RunConfig): FoundResult {
  const path = join(folder, 'result.json');
  if (!existsSync(path)) return {};
  try {
    const result = parseConfig(resultSchema, readJsonFile(path), path) as unknown as RunResult;
    if (!isHashOf(config, result.configHash)) return {};
    requireUnedited(result, path);
    return { result };
  } catch (error) {
    return { damage: (error as Error).message };
  }
}

/** A result with the hash of its text. */
export function sealed(result: RunResult): RunResult {
  return { ...result, resultHash: hashOf(result) };
}

function requireUnedited(result: RunResult, path: string): void {
  const { resultHash, files } = result;
  // results that tell of their files have had a hash ever since, and those before no other fields
  const others = Object.keys(result).filter((key) => !(key in resultSchema.shape));
  if (resultHash === undefined && files === undefined && others.length === 0) return;
  const found = hashOf(result);
  if (found !== resultHash)
    throw new Error(
      `${path}: expected the result of SHA-256 ${resultHash ?? 'that it tells'}, got ${found}: ` +
        'edited since',
    );
}

/** Hash of the values but itself, in whatever form and order the file has them. */
function hashOf(result: RunResult): string {
  const rest = Object.entries(result).filter(([key]) => key !== 'resultHash');
  return createHash('sha256')
    .update(JSON.stringify(inOrder(Object.fromEntries(rest))))
    .digest('hex');
}

/** The same value with its keys in order, as it comes back from JSON. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, inOrder(entry)]));
}
