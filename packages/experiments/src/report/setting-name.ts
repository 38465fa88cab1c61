import { kindNamed } from '../data/data-config.ts';
import type { Remedy, Setting } from '../config/setting.ts';
import type { PanelSummary } from './summary/summary.ts';

/** Remedies in words. */
export const remedyNames: Readonly<Record<Remedy, string>> = {
  keep: 'kept',
  filter: 'filtered: fewer pairs',
  'same-size': 'exchanged for clean ones',
  robust: 'kept, robust loss',
};

/** A setting in words, for tables and captions. */
export function settingName(
  { kind, imageNoise, noisyShare, remedy }: Setting,
  { data, init }: Pick<PanelSummary, 'data' | 'init'>,
): string {
  if (kind === 'random') return startName(init);
  if (kind === 'supervised') return 'trained with labels';
  const { level, share, clean } = kindNamed(data).words;
  if (noisyShare === 0) return remedy === 'robust' ? `${clean}, robust loss` : clean;
  const noise = `${level} ${imageNoise}, ${share} ${noisyShare}`;
  return remedy === 'keep' ? noise : `${noise}, ${remedyNames[remedy]}`;
}

/** The bound without pretraining, in words. */
export function startName(init: boolean): string {
  return init ? 'encoder as given' : 'random encoder';
}
