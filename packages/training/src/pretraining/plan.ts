import { openSource, sampleStream, type PairSource } from '@noisy-pairs/pairs';
import type { PretrainOptions } from './options.ts';

/** A run's length and the form of its batches, by its options and its source. */
export interface RunPlan {
  /** S, edge of the images in pixels. */
  readonly size: number;
  /** Pairs an epoch: those that the filter leaves. */
  readonly pairs: number;
  readonly steps: number;
  /** Whether the true classes of all images are known. */
  readonly classesKnown: boolean;
}

/** @throws if the source cannot serve the method, or the run is too short for its warm-up */
export async function planRun(options: PretrainOptions): Promise<RunPlan> {
  const source = await openSource<PairSource>(options.source);
  requireFrame(options, source);
  const { noisyShare, seed, filter = 'none', warmupSteps, holdSteps = 0 } = options;
  const { length: pairs } = sampleStream(source.length, noisyShare, seed, filter);
  const steps = stepsOf(options, pairs);
  const before = warmupSteps + holdSteps;
  if (before >= steps)
    throw new Error(
      `warmupSteps: expected fewer than the ${steps} steps of the run, got ` +
        `${before}${holdSteps > 0 ? ' with holdSteps' : ''}`,
    );
  return { size: source.size, pairs, steps, classesKnown: source.classesOf !== undefined };
}

function stepsOf({ length, batchSize }: PretrainOptions, pairs: number): number {
  return 'steps' in length ? length.steps : Math.ceil((length.epochs * pairs) / batchSize);
}

function requireFrame({ method }: PretrainOptions, { name, sharedFrame = true }: PairSource): void {
  if (method.needsFrame && !sharedFrame)
    throw new Error(
      `method ${method.name}: expected pairs whose images share one coordinate frame, got ` +
        `${name}: no pixel of one image is the place of one in the other (moco and densecl need ` +
        'none)',
    );
}
