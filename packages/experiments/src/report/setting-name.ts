import type { Remedy, Setting } from '../config/setting.ts';
import { kindNamed } from '../data/data-config.ts';
import type { PanelSummary } from './summary.ts';

/** What is done about noisy pairs, in words. */
export const remedyNames: Readonly<Record<Remedy, string>> = {
  keep: 'kept',
  filter: 'filtered: fewer pairs',
  'same-size': 'exchanged for clean ones',
  robust: 'kept, robust loss',
};

/** A setting in words, for tables and captions. */
export function cellName(
  { kind, imageNoise, noisyShare, remedy }: Setting,
  { data, init }: Pick<PanelSummary, 'data' | 'init'>,
): string {
  const { level, share, clean } = kindNamed(data).words;
  if (kind === 'random') return init ? 'encoder as given' : 'random encoder';
  if (kind === 'supervised') return 'trained with labels';
  const done = remedy === 'keep' ? '' : `, ${remedyNames[remedy]}`;
  return noisyShare === 0
    ? `${clean}${remedy === 'robust' ? ', robust loss' : ''}`
    : `${level} ${imageNoise}, ${share} ${noisyShare}${done}`;
}
