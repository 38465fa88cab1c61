import { kindNamed } from '../data/data-config.ts';
import { remedies } from '../config/setting.ts';
import { describeDifferences } from './difference.ts';
import { hasArms } from './plots/arm-plot.ts';
import { remedyNames, settingName, startName } from './setting-name.ts';
import { sameSetting } from './summary/setting-runs.ts';
import type { SettingSummary } from './summary/setting-summary.ts';
import type { PanelSummary, SweepSummary } from './summary/summary.ts';

/** A sentence or more a panel, by its title where there are several, and what is missing. */
export function verdicts({ panels, missing }: SweepSummary): string[] {
  const several = panels.length > 1;
  const sentences = panels.map(
    (panel) => `${several ? `${panel.title}: ` : ''}${panelVerdict(panel, several)}`,
  );
  return missing.length > 0 ? [...sentences, `Missing: ${missing.join(', ')}.`] : sentences;
}

/**
 * A panel's answer in a few sentences: what noisy pairs did against the baseline, by 95 % intervals
 * of differences paired by seed; pairs of wholly different images (r_img 1) kept apart, as the
 * study does; and what each remedy did against keeping them. Intervals are per setting, without a
 * correction for their number.
 */
export function panelVerdict(panel: PanelSummary, several = false): string {
  const noisy = panel.cells.filter(isNoisy);
  const parts = hasArms(panel)
    ? armSentences(panel)
    : [...noiseSentences(panel, noisy), ...remedySentences(noisy)];
  return [`${parts.join('. ')}.`, ...cautions(panel, several), ...stuck(panel)].join(' ');
}

const isNoisy = ({ kind, noisyShare }: SettingSummary) => kind === 'pretrained' && noisyShare > 0;

function armSentences({ comparisons }: PanelSummary): string[] {
  const [first] = comparisons;
  const findings = comparisons.map(
    ({ title, difference }) => `${title}: ${describeDifferences([difference])}`,
  );
  return [`${first?.question ?? ''} ${findings.join('; ')}`];
}

function noiseSentences(panel: PanelSummary, noisy: readonly SettingSummary[]): string[] {
  const { level, falseFrom, noisyPairs, baselineWords } = kindNamed(panel.data).words;
  const sentence = (what: string, settings: readonly SettingSummary[]) =>
    `${what}: ${describeDifferences(settings.map(({ difference }) => difference))}`;
  const kept = noisy.filter(({ remedy }) => remedy === 'keep');
  const isFalse = ({ imageNoise }: SettingSummary) =>
    falseFrom !== undefined && imageNoise >= falseFrom;
  if (falseFrom === undefined || !kept.some(isFalse))
    return [sentence(`${noisyPairs} against ${baselineWords}`, kept)];
  const partly = kept.filter((setting) => !isFalse(setting));
  const partlyNoisy = `Partly noisy pairs (${level} below ${falseFrom}) against ${baselineWords}`;
  const different = `Pairs of wholly different images (${level} ${falseFrom})`;
  return [
    ...(partly.length > 0 ? [sentence(partlyNoisy, partly)] : []),
    sentence(different, kept.filter(isFalse)),
  ];
}

function remedySentences(noisy: readonly SettingSummary[]): string[] {
  return remedies.flatMap((remedy) => {
    const treated = noisy.filter((setting) => setting.remedy === remedy);
    const effect = describeDifferences(treated.map(({ againstKeeping }) => againstKeeping));
    return treated.length > 0
      ? [`Noisy pairs ${remedyNames[remedy]}, against just keeping them: ${effect}`]
      : [];
  });
}

/**
 * Whether what noisy pairs are compared with is clearly above the random encoder: otherwise
 * pretraining is too short, or too weak, to tell anything. Undefined where there are no intervals.
 */
export function boundsApart({ cells, comparisons: [first] }: PanelSummary): boolean | undefined {
  if (!first) return undefined;
  const base = cells.find((setting) => sameSetting(setting, first.against))?.score;
  const random = cells.find(({ kind }) => kind === 'random')?.score;
  if (!random?.interval95 || !base?.interval95) return undefined;
  return base.interval95[0] > random.interval95[1];
}

function cautions(panel: PanelSummary, several: boolean): string[] {
  if (panel.metric === undefined) return [];
  const apart = boundsApart(panel);
  if (apart === undefined)
    return ['Caution: with one seed there are no intervals; this is a first look.'];
  if (apart) return [];
  const [first] = panel.comparisons;
  const base =
    first && hasArms(panel)
      ? settingName(first.against, panel)
      : kindNamed(panel.data).words.baselineWords;
  return [
    `Caution: pretraining on ${base} is not clearly above the ${startName(panel.init)}, ` +
      `so this ${several ? 'panel' : 'sweep'} cannot tell.`,
  ];
}

/** Settings some of whose runs learned nothing, in a sentence. */
function stuck(panel: PanelSummary): string[] {
  const settings = panel.cells.filter(({ notLearned }) => notLearned.length > 0);
  if (settings.length === 0) return [];
  const names = settings.map((setting) => {
    const { score, runs, notLearned } = setting;
    const of = score?.count ?? runs ?? notLearned.length;
    return `${settingName(setting, panel)} (${notLearned.length} of ${of} runs)`;
  });
  return [`Not learned (loss at chance, or features collapsed): ${names.join('; ')}.`];
}
