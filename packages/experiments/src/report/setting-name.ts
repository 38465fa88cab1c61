import { kindNamed, type DataConfig } from '../data/data-config.ts';
import type { Remedy, Setting } from '../config/setting.ts';

/** The part of a panel that its settings' names depend on. */
export interface Named {
  readonly data: DataConfig['kind'];
  /** Whether runs began with given weights. */
  readonly init: boolean;
}

/** Remedies in words. */
export const remedyNames: Readonly<Record<Remedy, string>> = {
  keep: 'kept',
  filter: 'filtered: fewer pairs',
  'same-size': 'exchanged for clean ones',
  robust: 'kept, robust loss',
};

/** A setting in words, for tables and captions. */
export function settingName(
  { kind, imageNoise, noisyShare, remedy, choice }: Setting,
  { data, init }: Named,
): string {
  if (kind === 'random') return startName(init);
  if (kind === 'supervised') return 'trained with labels';
  const { level, share, clean, choices = {} } = kindNamed(data).words;
  if (choice !== undefined)
    return `${choices[choice] ?? choice}${remedy === 'robust' ? ', robust loss' : ''}`;
  if (noisyShare === 0) return remedy === 'robust' ? `${clean}, robust loss` : clean;
  const noise = `${level} ${imageNoise}, ${share} ${noisyShare}`;
  return remedy === 'keep' ? noise : `${noise}, ${remedyNames[remedy]}`;
}

/** The bound without pretraining, in words. */
export function startName(init: boolean): string {
  return init ? 'encoder as given' : 'random encoder';
}
