import { cellName } from './setting-name.ts';
import type { RunConfig } from '../config/run-config.ts';
import { methodTitle } from '../config/methods.ts';
import { kindNamed } from '../data/data-config.ts';

/** What a run's encoder learned from, in words: `MoCo v2 on r_img 0.5, noisy share 1`. */
export function trainedWords({
  kind,
  method,
  data,
  init,
  imageNoise,
  noisyShare,
  filter,
}: RunConfig): string {
  const robust = 'robust' in method && method.robust !== null;
  const setting = { kind, imageNoise, noisyShare, remedy: robust ? 'robust' : 'keep' } as const;
  if (kind !== 'pretrained') return cellName(setting, { data: data.kind, init: init !== null });
  const filtered =
    filter === 'none'
      ? undefined
      : `${kindNamed(data.kind).words.clean}, ` +
        `${filter === 'clean' ? `a share of ${noisyShare} filtered out as noisy` : `in place of a share of ${noisyShare} that is noisy`}${robust ? ', robust loss' : ''}`;
  return (
    `${methodTitle(method.name)}${init ? ' from given weights' : ''} on ` +
    `${filtered ?? cellName(setting, { data: data.kind, init: init !== null })}`
  );
}
