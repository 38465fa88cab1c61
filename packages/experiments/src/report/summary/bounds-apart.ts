import { sameSetting } from './setting-runs.ts';
import type { MeasuredPanel } from './panel-summary.ts';

/**
 * Whether what noisy pairs are compared with is clearly above the random encoder: otherwise
 * pretraining is too short, or too weak, to tell anything. Undefined where there are no intervals.
 */
export function boundsApart({ cells, comparisons }: MeasuredPanel): boolean | undefined {
  const [first] = comparisons;
  if (!first) return undefined;
  const base = cells.find((setting) => sameSetting(setting, first.against))?.score;
  const random = cells.find(({ kind }) => kind === 'random')?.score;
  if (!random?.interval95 || !base?.interval95) return undefined;
  return base.interval95[0] > random.interval95[1];
}
