import type { RunConfig } from '../config.ts';
import type { RunResult } from '../run/run-result.ts';

/** The number that runs on a kind of data are compared by, 0..1. */
export interface Metric {
  readonly name: 'meanIou' | 'knnAccuracy';
  readonly title: string;
  /** @throws if the run has no such number */
  of(result: RunResult): number;
}

const meanIou: Metric = {
  name: 'meanIou',
  title: 'mean IoU',
  of({ segmentation }) {
    if (!segmentation) throw new Error('result: expected a segmentation, got none');
    return segmentation.meanIou;
  },
};

/**
 * Nearest neighbours rather than the linear probe, since they have no learning rate to be chosen.
 */
const knnAccuracy: Metric = {
  name: 'knnAccuracy',
  title: 'kNN accuracy',
  of({ classification }) {
    if (!classification) throw new Error('result: expected a classification, got none');
    return classification.knnAccuracy;
  },
};

export const metrics: Readonly<Record<RunConfig['data']['kind'], Metric>> = {
  vts: meanIou,
  xbd: meanIou,
  cifar10: knnAccuracy,
};
