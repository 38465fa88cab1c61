import type { Summary } from '@noisy-pairs/evaluation';
import { noiseWords } from './noise-words.ts';
import type { Cell, SweepSummary } from './results.ts';

/** How a setting's difference to clean pairs reads: by its 95 % interval. */
export type Effect = 'gain' | 'harm' | 'unclear';

export function effectOf({ interval95 }: Summary): Effect {
  if (!interval95) return 'unclear';
  return interval95[0] > 0 ? 'gain' : interval95[1] < 0 ? 'harm' : 'unclear';
}

const points = (share: number) => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
export const formatDifference = ({ mean, interval95 }: Summary) => `${points(mean)} points${interval95 ? ` [${points(interval95[0])}, ${points(interval95[1])}]` : ''}`;

/** Whether the random encoder's and the supervised network's intervals leave the pretrained one room: pretraining must clearly beat the random encoder. */
export function boundsApart({ cells }: SweepSummary): boolean | undefined {
  const random = cells.find(({ kind }) => kind === 'random')?.meanIou, clean = cells.find(({ kind, noisyShare }) => kind === 'pretrained' && noisyShare === 0)?.meanIou;
  if (!random?.interval95 || !clean?.interval95) return undefined;
  return clean.interval95[0] > random.interval95[1];
}

function describe(cells: readonly Cell[], what: string): string {
  const compared = cells.flatMap(({ difference }) => (difference ? [difference] : []));
  if (compared.length === 0) return `${what}: not measured`;
  const of = (effect: Effect) => compared.filter((difference) => effectOf(difference) === effect);
  const gains = of('gain'), harms = of('harm'), unclear = of('unclear');
  const extreme = (list: readonly Summary[], sign: 1 | -1) => formatDifference(list.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a)));
  const parts = [
    ...(gains.length > 0 ? [`a gain in ${gains.length} of ${compared.length} settings (at most ${extreme(gains, 1)})`] : []),
    ...(harms.length > 0 ? [`harm in ${harms.length} of ${compared.length} (at worst ${extreme(harms, -1)})`] : []),
    ...(unclear.length > 0 ? [`no clear difference in ${unclear.length} of ${compared.length} (${unclear.length > 1 ? `${extreme(unclear, -1)} to ` : ''}${extreme(unclear, 1)})`] : []),
  ];
  return `${what}: ${parts.join(', ')}`;
}

/**
 * The answer in a sentence or two: what noisy pairs did to mIoU against clean pairs, by 95 % intervals of differences paired by seed. Pairs of wholly
 * different images (r_img 1) are kept apart, as the study does. Intervals are per setting, without a correction for their number.
 */
export function verdict(summary: SweepSummary): string {
  const noisy = summary.cells.filter(({ kind, noisyShare }) => kind === 'pretrained' && noisyShare > 0);
  const { level, falseFrom } = noiseWords[summary.data];
  const parts = falseFrom === undefined
    ? [describe(noisy, 'Noisy pairs against clean pairs')]
    : [
        describe(noisy.filter(({ imageNoise }) => imageNoise < falseFrom), `Partly noisy pairs (${level} below ${falseFrom}) against clean pairs`),
        describe(noisy.filter(({ imageNoise }) => imageNoise >= falseFrom), `Pairs of wholly different images (${level} ${falseFrom})`),
      ];
  const apart = boundsApart(summary);
  const caution = apart === true ? '' : apart === false
    ? ' Caution: pretraining on clean pairs is not clearly above the random encoder, so this sweep cannot tell.'
    : ' Caution: with one seed there are no intervals; this is a first look.';
  const stuck = summary.cells.flatMap(({ notLearned }) => notLearned);
  const named = stuck.length > 0 ? ` Not learned (loss stayed at chance): ${stuck.join(', ')}.` : '';
  const missing = summary.missing.length > 0 ? ` Missing: ${summary.missing.join(', ')}.` : '';
  return `${parts.join('. ')}.${caution}${named}${missing}`;
}
