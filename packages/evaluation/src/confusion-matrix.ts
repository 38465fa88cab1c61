import { ignoreLabel } from '@noisy-pairs/pairs';

/** Counts of pixels by true and predicted class, added up batch by batch. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** [truth * classes + prediction] */
  readonly counts: Float64Array;
  /**
   * Counts pixels; where the truth is `ignoreLabel`, none.
   * @throws if the two differ in length or hold a class that is not in 0..classes-1.
   */
  add(truth: Uint8Array, prediction: Uint8Array): void;
  /** Intersection over union of each class; NaN for a class that is neither there nor predicted. */
  iou(): number[];
  /** Mean over the classes that are there or predicted; NaN if none is. */
  meanIou(): number;
  /** Share of each class's pixels that are right; NaN for a class that is not there. */
  recall(): number[];
  /** Share of the counted pixels that are right; NaN if none was counted. */
  pixelAccuracy(): number;
}

/** @throws if classes is not a whole number in 1..255. */
export function confusionMatrix(classes: number): ConfusionMatrix {
  if (!Number.isInteger(classes) || classes < 1 || classes > ignoreLabel)
    throw new Error(`classes: expected a whole number in 1..255, got ${classes}`);
  const counts = new Float64Array(classes * classes);
  const at = (truth: number, prediction: number) => counts[truth * classes + prediction] as number;
  const each = Array.from({ length: classes }, (_, c) => c);
  const sumOf = (term: (c: number) => number) => each.reduce((sum, c) => sum + term(c), 0);
  const iou = () =>
    each.map((c) => {
      const union = sumOf((other) => at(c, other) + at(other, c)) - at(c, c);
      return union === 0 ? NaN : at(c, c) / union;
    });
  return {
    classes,
    counts,
    add(truth, prediction) {
      if (truth.length !== prediction.length)
        throw new Error(
          `prediction: expected ${truth.length} pixels as in the truth, got ${prediction.length}`,
        );
      for (let i = 0; i < truth.length; i++) {
        const t = truth[i] as number;
        const p = prediction[i] as number;
        if (t === ignoreLabel) continue;
        if (t >= classes || p >= classes)
          throw new Error(
            `pixel ${i}: expected classes below ${classes}, got truth ${t} and prediction ${p}`,
          );
        counts[t * classes + p] = at(t, p) + 1;
      }
    },
    iou,
    meanIou() {
      const present = iou().filter((value) => !Number.isNaN(value));
      return present.reduce((sum, value) => sum + value, 0) / present.length;
    },
    recall: () => each.map((c) => at(c, c) / sumOf((other) => at(c, other))),
    pixelAccuracy: () => sumOf((c) => at(c, c)) / counts.reduce((sum, n) => sum + n, 0),
  };
}
