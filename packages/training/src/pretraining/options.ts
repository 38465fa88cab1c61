import type { Precision } from '@noisy-pairs/engine';
import type { InputScale, Method, NetworkState } from '@noisy-pairs/models';
import type { PairFilter, SourceSpec, ViewPolicy } from '@noisy-pairs/pairs';
import type { Progress } from '../run-folder/progress.ts';
import { checkMonitor, type Monitor } from './monitor.ts';

export interface PretrainOptions {
  readonly method: Method;
  /**
   * Borrowed: an encoder to begin with instead of a random one, as query and as key; entries of a
   * head are left out. Heads begin at random.
   */
  readonly start?: NetworkState;
  /** A PairSource. */
  readonly source: SourceSpec;
  /** Share of the pairs that are noisy, 0..1. */
  readonly noisyShare: number;
  /**
   * Whether noisy pairs are trained on, left out, or exchanged for clean ones. Default none: they
   * are trained on.
   */
  readonly filter?: PairFilter;
  readonly views: ViewPolicy;
  readonly normalise: InputScale;
  readonly batchSize: number;
  /** Length of the run: steps, or epochs over the pairs that the filter leaves. */
  readonly length: { readonly steps: number } | { readonly epochs: number };
  readonly learningRate: number;
  readonly warmupSteps: number;
  /**
   * Steps at learning rate 0 at the start, so that the queue holds real keys before anything is
   * learned: against random negatives the easy way down is to give all images one embedding, from
   * which some runs never recover. Default 0.
   */
  readonly holdSteps?: number;
  readonly finalLearningRate: number;
  /** Default sgd. */
  readonly optimizer?: 'sgd' | 'lars';
  readonly momentum: number;
  readonly weightDecay: number;
  /** Gradients are scaled down to this norm; absent = never. */
  readonly clipNorm?: number;
  readonly seed: number;
  /** Threads that make batches; 0 = this one. The result does not depend on it. */
  readonly workers: number;
  /** Folder of the run. A checkpoint found in it is taken up. */
  readonly out: string;
  /** In steps. */
  readonly checkpointEvery: number;
  /** In steps. */
  readonly logEvery: number;
  /** Runs steps op by op instead of compiled: slower, to debug a method. Default false. */
  readonly eager?: boolean;
  /**
   * bf16: the networks in bfloat16, faster where the processor has AMX or AVX512-BF16. Default
   * float32.
   */
  readonly precision?: Precision;
  /** Called with a line on how steps are run. */
  readonly onMessage?: (line: string) => void;
  /**
   * A run whose final loss is not this far below the method's chance level has not learned. Default
   * 0.1 nats.
   */
  readonly learnedMargin?: number;
  /**
   * Measures the encoder along the way, into the metrics; changes nothing else. The caller's to
   * close.
   */
  readonly monitor?: Monitor;
  readonly onProgress?: (progress: Progress) => void;
  /** Called before each write into `out`, which does not happen if it throws. */
  readonly beforeWrite?: () => void;
  /** Called when a checkpoint is in `out`. */
  readonly onCheckpoint?: () => void;
  /** Stops after the step under way; what the last checkpoint holds stays. */
  readonly signal?: AbortSignal;
}

/** @throws naming an option out of range */
export function checkOptions(options: PretrainOptions): void {
  if (options.monitor) checkMonitor(options.monitor);
  for (const name of ['batchSize', 'checkpointEvery', 'logEvery'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw new Error(`${name}: expected a positive whole number, got ${options[name]}`);
  }
  const length = 'steps' in options.length ? options.length.steps : options.length.epochs;
  if (!(length > 0) || ('steps' in options.length && !Number.isInteger(length)))
    throw new Error(`length: expected a positive number of steps or epochs, got ${length}`);
}
