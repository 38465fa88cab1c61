import type { Comparison } from '../../config/comparison.ts';
import type { Setting } from '../../config/setting.ts';
import type { Panel } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';
import { armComparisons } from './arm-settings.ts';
import { panelSettings } from './panel-settings.ts';

/** Questions that a grid of noise and remedies asks. */
const noiseQuestion = 'Do noisy pairs hurt?';
const remedyQuestion = 'Is anything better than keeping noisy pairs?';

/**
 * The differences that a panel is run for: those of its arms, or of each setting of a grid to what
 * the data's noise is compared with, and of each remedy to keeping the noisy pairs.
 */
export function panelComparisons(panel: Panel): Comparison[] {
  const { arms, base } = panel;
  if (arms) return armComparisons({ ...panel, arms });
  const { baseline } = kindOf(base.data).words;
  const settings = panelSettings(panel)
    .map(({ setting }) => setting)
    .filter(({ kind, noisyShare, remedy }) => {
      const treated = remedy !== 'keep';
      return kind === 'pretrained' && (noisyShare > 0 || treated);
    });
  const noise = settings.map((setting) => ({
    question: noiseQuestion,
    setting,
    against: baseline(setting),
  }));
  const treated = settings.filter(({ remedy }) => remedy !== 'keep');
  const remedies = treated.map((setting) => ({
    question: remedyQuestion,
    setting,
    against: { ...setting, remedy: 'keep' } satisfies Setting,
  }));
  return [...noise, ...remedies];
}
