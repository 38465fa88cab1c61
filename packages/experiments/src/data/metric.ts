/** The parts of a run's result that a metric is read from. */
interface Measured {
  readonly segmentation?: {
    readonly meanIou: number;
    readonly classes: readonly { readonly name: string; readonly iou: number | null }[];
  };
  readonly classification?: { readonly knnAccuracy: number };
}

/** The number that runs on a kind of data are compared by, 0..1. */
export interface Metric {
  readonly name: 'meanIou' | 'changeIou' | 'knnAccuracy';
  readonly title: string;
  /** The measure of frozen encoders, in words. */
  readonly by: string;
  /** @throws if the run has no such number */
  of(result: Measured): number;
}

/** Mean IoU of a segmentation, where pixels are labelled. */
const meanIou: Metric = {
  name: 'meanIou',
  title: 'mean IoU',
  by: 'a segmentation head',
  of({ segmentation }) {
    if (!segmentation) throw new Error('result: expected a segmentation, got none');
    return segmentation.meanIou;
  },
};

/** IoU of the class of changed pixels, where pairs have masks of change. */
const changeIou: Metric = {
  name: 'changeIou',
  title: 'IoU of change',
  by: 'a head for change between two images (which says nothing on segmentation)',
  of({ segmentation }) {
    const changed = segmentation?.classes.find(({ name }) => name === 'changed');
    if (changed?.iou == null)
      throw new Error('result: expected an IoU of changed pixels, got none');
    return changed.iou;
  },
};

/**
 * Accuracy of nearest neighbours, where whole images are labelled. Not the linear probe's, since
 * they have no learning rate to be chosen.
 */
const knnAccuracy: Metric = {
  name: 'knnAccuracy',
  title: 'kNN accuracy',
  by: 'nearest neighbours and a linear probe',
  of({ classification }) {
    if (!classification) throw new Error('result: expected a classification, got none');
    return classification.knnAccuracy;
  },
};

/** Metrics by the name that summary.json gives them. */
export const metrics: Readonly<Record<Metric['name'], Metric>> = {
  meanIou,
  changeIou,
  knnAccuracy,
};
