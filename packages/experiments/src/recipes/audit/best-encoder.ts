import { join } from 'node:path';
import { armName } from '../../config/arms.ts';
import type { SweepSummary } from '../../report/summary/summary.ts';
import type { SweepPlan } from '../../sweep/plan.ts';

/** Arms that a user could have; the control and the true shares are not. */
const practicable = ['keep', 'filter', 'random-drop', 'twice', 'keep-robust', 'twice-robust'];

/**
 * The run of seed 0 whose arm scored best on average, with its arm.
 * @returns undefined where none has finished
 */
export function bestRun(
  plan: SweepPlan,
  { panels }: SweepSummary,
  finished: (name: string) => boolean,
): { readonly arm: string; readonly folder: string } | undefined {
  const arms = (panels[0]?.cells ?? []).flatMap(({ choice, remedy, score }) => {
    if (choice === undefined || !score) return [];
    const arm = armName({ choice, loss: remedy === 'robust' ? 'robust' : 'own' });
    return practicable.includes(arm) ? [{ arm, mean: score.mean }] : [];
  });
  const [best] = arms.sort((a, b) => b.mean - a.mean);
  const run = plan.runs.find(({ name }) => name === `${best?.arm ?? ''}-seed0` && finished(name));
  return best && run ? { arm: best.arm, folder: run.folder } : undefined;
}

/** The file of the best arm's encoder, beside the report. */
export const encoderFile = (out: string): string => join(out, 'encoder.safetensors');
