import type { RunConfig } from '../config/run-config.ts';
import { kindOf } from '../data/data-config.ts';
import { methodTitle } from '../config/methods.ts';
import { settingName } from './setting-name.ts';

/** In words, what a run's encoder learned from: `MoCo v2 on r_img 0.5, noisy share 1`. */
export function trainedWords(config: RunConfig): string {
  const { kind, method, data, imageNoise, noisyShare, filter, choice } = config;
  const init = config.init !== null;
  const robust = 'robust' in method && method.robust !== null;
  const setting = {
    ...{ kind, imageNoise, noisyShare },
    remedy: robust ? 'robust' : 'keep',
    ...(choice === undefined ? {} : { choice }),
  } as const;
  const name = settingName(setting, { data: data.kind, init });
  if (kind !== 'pretrained') return name;
  const start = init ? ' from given weights' : '';
  const pairs = filter === 'none' ? name : filteredWords(config, robust);
  return `${methodTitle(method.name)}${start} on ${pairs}`;
}

function filteredWords({ data, noisyShare, filter }: RunConfig, robust: boolean): string {
  const { clean } = kindOf(data).words;
  const done =
    filter === 'clean'
      ? `a share of ${noisyShare} filtered out as noisy`
      : `in place of a share of ${noisyShare} that is noisy`;
  return `${clean}, ${done}${robust ? ', robust loss' : ''}`;
}
