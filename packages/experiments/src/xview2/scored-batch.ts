import type { XView2Score } from '@noisy-pairs/evaluation';
import { ignoreLabel } from '@noisy-pairs/pairs';

/**
 * Adds a batch's pixels that count: a building is predicted where damage is, and was one where the
 * truth has any.
 */
export function addToScore(score: XView2Score, truth: Uint8Array, prediction: Uint8Array): void {
  const counts = (_: number, i: number) => truth[i] !== ignoreLabel;
  const kept = truth.filter(counts);
  const predicted = prediction.filter(counts);
  score.add(predicted, predicted, kept, kept);
}
