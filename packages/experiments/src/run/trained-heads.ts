import { join } from 'node:path';
import { xview2Score } from '@noisy-pairs/evaluation';
import type { NetworkState } from '@noisy-pairs/models';
import {
  trainClassification,
  trainSegmentation,
  type HeadTrainingOptions,
} from '@noisy-pairs/training';
import type { LabelledData, TrainAndTest } from '../data/run-data.ts';
import { addToScore } from '../xview2/scored-batch.ts';
import type { OpenRun } from './open-run.ts';
import type { RunResult } from './result/run-result.ts';

/** The parts of a result that heads give. */
type Measured = Pick<RunResult, 'segmentation' | 'classification' | 'damage'>;

/**
 * Trains heads on an encoder, or everything from a random start, and measures them on held-out
 * images. Writes segmentation.* and predictions/, damage/, or classification.*.
 * @param weights borrowed; undefined for a supervised run
 */
export async function trainedHeads(
  run: OpenRun,
  labelled: LabelledData,
  weights: NetworkState | undefined,
): Promise<Measured> {
  const { config, out } = run;
  const { train, test, damage } = labelled;
  const settings = { ...headSettings(run, weights), out, train, test };
  if (labelled.labels === 'classes') {
    const onProgress = run.progressOf('classification');
    const { knn } = config;
    return { classification: await trainClassification({ ...settings, knn, onProgress }) };
  }
  const onProgress = run.progressOf('segmentation');
  const { predictions } = config;
  const segmentation = await trainSegmentation({ ...settings, predictions, onProgress });
  if (!damage) return { segmentation };
  return { segmentation, damage: await trainedDamage(run, damage, weights) };
}

/** Classes of damage from both images, by a head of its own, and the score of the challenge. */
async function trainedDamage(
  run: OpenRun,
  sources: TrainAndTest,
  weights: NetworkState | undefined,
): Promise<NonNullable<RunResult['damage']>> {
  const score = xview2Score();
  const segmentation = await trainSegmentation({
    ...headSettings(run, weights),
    ...sources,
    predictions: run.config.predictions,
    out: join(run.out, 'damage'),
    onProgress: run.progressOf('damage'),
    onPredicted: (truth, prediction) => {
      addToScore(score, truth, prediction);
    },
  });
  return { segmentation, xview2: score.result() };
}

/** The bound without pretraining keeps its encoder frozen, whatever the others do. */
function headSettings(
  { config, encoder, running }: OpenRun,
  weights: NetworkState | undefined,
): Omit<HeadTrainingOptions, 'train' | 'test' | 'out'> {
  const { kind, head, supervised, normalise, seed } = config;
  const shared = { ...running, ...(weights ? { weights } : {}), encoder, normalise, seed };
  if (kind === 'supervised') return { ...shared, ...supervised, mode: 'scratch-supervised' };
  return { ...shared, ...head, mode: kind === 'random' ? 'frozen' : head.mode };
}
