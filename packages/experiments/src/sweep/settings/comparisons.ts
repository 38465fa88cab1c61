import type { Comparison } from '../../config/comparison.ts';
import type { Setting } from '../../config/setting.ts';
import type { Panel } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { sameSetting } from '../../report/summary/setting-runs.ts';
import { armComparisons } from './arm-settings.ts';
import { panelSettings } from './panel-settings.ts';

/** Questions that a grid of noise and remedies asks. */
const noiseQuestion = 'Do noisy pairs hurt?';
const remedyQuestion = 'Is anything better than keeping noisy pairs?';

/**
 * The differences that a panel is run for: those of its arms; or of noisy pairs, kept, to what the
 * data's noise is compared with, and of each remedy to keeping them. No more, since each test makes
 * all others weaker.
 */
export function panelComparisons(panel: Panel): Comparison[] {
  const { arms, base } = panel;
  if (arms) return armComparisons({ ...panel, arms });
  const { baseline } = kindOf(base.data).words;
  const noisy = panelSettings(panel)
    .map(({ setting }) => setting)
    .filter(({ kind, noisyShare }) => kind === 'pretrained' && noisyShare > 0);
  const kept = noisy.filter(({ remedy }) => remedy === 'keep');
  const compared = kept.filter((setting) => !sameSetting(setting, baseline(setting)));
  const noise = compared.map((setting) => ({
    question: noiseQuestion,
    setting,
    against: baseline(setting),
  }));
  const treated = noisy.filter(({ remedy }) => remedy !== 'keep');
  const remedies = treated.map((setting) => ({
    question: remedyQuestion,
    setting,
    against: { ...setting, remedy: 'keep' } satisfies Setting,
  }));
  return [...noise, ...remedies];
}
