import type { Summary } from '@noisy-pairs/evaluation';
import { cellName, remedyNames } from './setting-name.ts';
import { remedies } from '../config/setting.ts';
import { kindNamed } from '../data/data-config.ts';
import type { PanelSummary, SweepSummary } from './summary.ts';

/** How a difference reads: by its 95 % interval. */
export type Effect = 'gain' | 'harm' | 'unclear';

export function effectOf({ interval95 }: Summary): Effect {
  if (!interval95) return 'unclear';
  return interval95[0] > 0 ? 'gain' : interval95[1] < 0 ? 'harm' : 'unclear';
}

const points = (share: number) => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
export const formatDifference = ({ mean, interval95 }: Summary) =>
  `${points(mean)} ` +
  `points${interval95 ? ` [${points(interval95[0])}, ${points(interval95[1])}]` : ''}`;

/**
 * Whether what noisy pairs are compared with is clearly above the random encoder: otherwise
 * pretraining is too short, or too weak, to tell anything.
 */
export function boundsApart({ cells, data }: PanelSummary): boolean | undefined {
  const noisy = cells.find(({ kind, noisyShare }) => kind === 'pretrained' && noisyShare > 0);
  if (!noisy) return undefined;
  const wanted = kindNamed(data).words.baseline(noisy);
  const base = cells.find(
    ({ kind, remedy, imageNoise, noisyShare }) =>
      kind === wanted.kind &&
      remedy === wanted.remedy &&
      imageNoise === wanted.imageNoise &&
      noisyShare === wanted.noisyShare,
  )?.score;
  const random = cells.find(({ kind }) => kind === 'random')?.score;
  if (!random?.interval95 || !base?.interval95) return undefined;
  return base.interval95[0] > random.interval95[1];
}

function describe(differences: readonly (Summary | null)[], what: string): string {
  const compared = differences.flatMap((difference) => difference ?? []);
  if (compared.length === 0) return `${what}: not measured`;
  const of = (effect: Effect) => compared.filter((difference) => effectOf(difference) === effect);
  const gains = of('gain'),
    harms = of('harm'),
    unclear = of('unclear');
  const extreme = (list: readonly Summary[], sign: 1 | -1) =>
    formatDifference(list.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a)));
  const parts = [
    ...(gains.length > 0
      ? [`a gain in ${gains.length} of ${compared.length} settings (at most ${extreme(gains, 1)})`]
      : []),
    ...(harms.length > 0
      ? [`harm in ${harms.length} of ${compared.length} (at worst ${extreme(harms, -1)})`]
      : []),
    ...(unclear.length > 0
      ? [
          `no clear difference in ${unclear.length} of ${compared.length} ` +
            `(${unclear.length > 1 ? `${extreme(unclear, -1)} to ` : ''}${extreme(unclear, 1)})`,
        ]
      : []),
  ];
  return `${what}: ${parts.join(', ')}`;
}

/**
 * A panel's answer in a few sentences: what noisy pairs did against the baseline, by 95 % intervals
 * of differences paired by seed; pairs of wholly different images (r_img 1) kept apart, as the
 * study does; and what each remedy did against keeping them. Intervals are per setting, without a
 * correction for their number.
 */
export function panelVerdict(panel: PanelSummary, several = false): string {
  const { level, falseFrom, baselineWords, noisyPairs } = kindNamed(panel.data).words;
  const pretrained = panel.cells.filter(
    ({ kind, noisyShare }) => kind === 'pretrained' && noisyShare > 0,
  );
  const kept = pretrained.filter(({ remedy }) => remedy === 'keep');
  const differences = (some: typeof kept) => some.map(({ difference }) => difference);
  const parts =
    falseFrom === undefined || !kept.some(({ imageNoise }) => imageNoise >= falseFrom)
      ? [describe(differences(kept), `${noisyPairs} against ${baselineWords}`)]
      : [
          ...(kept.some(({ imageNoise }) => imageNoise < falseFrom)
            ? [
                describe(
                  differences(kept.filter(({ imageNoise }) => imageNoise < falseFrom)),
                  `Partly noisy pairs (${level} below ${falseFrom}) against ${baselineWords}`,
                ),
              ]
            : []),
          describe(
            differences(kept.filter(({ imageNoise }) => imageNoise >= falseFrom)),
            `Pairs of wholly different images (${level} ${falseFrom})`,
          ),
        ];
  for (const remedy of remedies) {
    const treated = pretrained.filter((cell) => cell.remedy === remedy);
    if (treated.length > 0)
      parts.push(
        describe(
          treated.map(({ againstKeeping }) => againstKeeping),
          `Noisy pairs ${remedyNames[remedy]}, against just keeping them`,
        ),
      );
  }
  const apart = boundsApart(panel);
  const caution =
    apart === true
      ? ''
      : apart === false
        ? ` Caution: pretraining on ${baselineWords} is not clearly above the ` +
          `${panel.init ? 'encoder as given' : 'random encoder'}, so this ` +
          `${several ? 'panel' : 'sweep'} cannot tell.`
        : ' Caution: with one seed there are no intervals; this is a first look.';
  const stuck = panel.cells.flatMap((cell) =>
    cell.notLearned.length > 0
      ? [`${cellName(cell, panel)} (${cell.notLearned.length} of ${cell.score.count} runs)`]
      : [],
  );
  const named =
    stuck.length > 0
      ? ` Not learned (loss at chance, or features collapsed): ${stuck.join('; ')}.`
      : '';
  return `${parts.join('. ')}.${caution}${named}`;
}

/** A sentence or more a panel, by its title where there are several, and what is missing. */
export function verdicts({ panels, missing }: SweepSummary): string[] {
  return [
    ...panels.map(
      (panel) =>
        `${panels.length > 1 ? `${panel.title}: ` : ''}${panelVerdict(panel, panels.length > 1)}`,
    ),
    ...(missing.length > 0 ? [`Missing: ${missing.join(', ')}.`] : []),
  ];
}
