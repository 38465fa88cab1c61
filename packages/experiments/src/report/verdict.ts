import { kindNamed } from '../data/data-config.ts';
import { remedies } from '../config/setting.ts';
import { auditSentences } from './audit-words.ts';
import { formatDifference, signedPoints } from './difference.ts';
import { correctedInterval, describeOutcomes } from './outcome-words.ts';
import { hasArms } from './plots/arm-plot.ts';
import { remedyNames, settingName, startName } from './setting-name.ts';
import { boundsApart } from './summary/bounds-apart.ts';
import type { ClaimSummary } from './summary/claims.ts';
import type { ComparisonSummary } from './summary/outcomes.ts';
import type { PanelSummary, SweepSummary } from './summary/summary.ts';
import { claimP } from './tables/claims-table.ts';

/** The findings of a sweep a sentence each, after its panel's title where there are several. */
export function verdicts(summary: SweepSummary): string[] {
  const { panels, missing } = summary;
  const several = panels.length > 1;
  const sentences = panels.flatMap((panel) =>
    panelVerdict(panel, summary).map((line) => `${several ? `${panel.title}: ` : ''}${line}`),
  );
  return [...sentences, ...missingRuns(missing)];
}

/** A sentence on runs without a result, if there are any. */
export const missingRuns = (missing: SweepSummary['missing']): string[] =>
  missing.length > 0 ? [`Missing: ${missing.join(', ')}.`] : [];

/**
 * A panel's answer, a sentence a finding: what noisy pairs did against the baseline, by differences
 * paired by seed and corrected by Holm; pairs of wholly different images (r_img 1) kept apart, as
 * the study does; and what each remedy did against keeping them.
 */
export function panelVerdict(
  panel: PanelSummary,
  { margin, claims, panels }: Pick<SweepSummary, 'margin' | 'claims' | 'panels'>,
): string[] {
  const several = panels.length > 1;
  const parts = hasArms(panel)
    ? [...auditSentences(panel, margin), ...armSentences(panel, margin)]
    : [...noiseSentences(panel, margin), ...remedySentences(panel, margin)];
  return [
    ...parts.map((part) => (/[.?]$/.test(part) ? part : `${part}.`)),
    ...claims
      .filter((claim) => claim.panel === panel.title)
      .map((claim) => claimWords(claim, claims)),
    ...cautions(panel, several),
    ...stuck(panel),
    ...unknown(panel),
  ];
}

/** A caption's sentence and its answer, over all settings that it speaks of. */
function claimWords(claim: ClaimSummary, { length }: readonly ClaimSummary[]): string {
  const { figure, text, answer, difference, finding } = claim;
  const interval = correctedInterval(finding);
  const ends = interval === undefined ? '' : ` ${interval}`;
  const mean = signedPoints(difference?.mean ?? 0);
  const p = claimP(claim);
  const sentences = `${length} such ${length === 1 ? 'sentence' : 'sentences'}`;
  return (
    `Caption of ${figure}, "${text}": ${answer} (${mean} points${ends}, n = ${finding.count}` +
    `${p === undefined ? '' : `, ${p}`}, Holm over ${sentences}).`
  );
}

function armSentences(panel: PanelSummary, margin: number): string[] {
  const { comparisons } = panel;
  const [first] = comparisons;
  return [
    `${first?.question ?? ''}${testsOf(panel)}`,
    ...comparisons.map((one) => `${capital(one.title)}: ${describeOutcomes([one], margin)}`),
  ];
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function noiseSentences(panel: PanelSummary, margin: number): string[] {
  const { data, comparisons } = panel;
  const { level, falseFrom, noisyPairs, baselineWords } = kindNamed(data).words;
  const sentence = (what: string, some: readonly ComparisonSummary[]) =>
    `${what}${testsOf(panel)}: ${describeOutcomes(some, margin)}`;
  const kept = comparisons.filter(({ setting }) => setting.remedy === 'keep');
  const isFalse = ({ setting: { imageNoise } }: ComparisonSummary) =>
    falseFrom !== undefined && imageNoise >= falseFrom;
  if (falseFrom === undefined || !kept.some(isFalse))
    return [sentence(`${noisyPairs} against ${baselineWords}`, kept)];
  const partly = kept.filter((one) => !isFalse(one));
  const partlyNoisy = `Partly noisy pairs (${level} below ${falseFrom}) against ${baselineWords}`;
  const different = `Pairs of wholly different images (${level} ${falseFrom})`;
  return [
    ...(partly.length > 0 ? [sentence(partlyNoisy, partly)] : []),
    sentence(different, kept.filter(isFalse)),
  ];
}

function remedySentences(panel: PanelSummary, margin: number): string[] {
  const { comparisons } = panel;
  return remedies.flatMap((remedy) => {
    const treated = comparisons.filter(({ setting }) => setting.remedy === remedy);
    const words = `Noisy pairs ${remedyNames[remedy]}, against just keeping them${testsOf(panel)}`;
    return treated.length > 0 ? [`${words}: ${describeOutcomes(treated, margin)}`] : [];
  });
}

/** The tests of a panel's comparisons, and the number that they are corrected for. */
function testsOf({ comparisons }: PanelSummary): string {
  const verdict = comparisons.find((one) => one.verdict)?.verdict;
  return verdict ? ` (t tests paired by seed, Holm over ${verdict.settings})` : '';
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
  return [
    `Not learned (loss at chance, or features collapsed): ${names.join('; ')}.`,
    ...withoutStuck(panel),
  ];
}

/** Differences with and without seeds that hold a run that learned nothing. */
function withoutStuck({ comparisons }: PanelSummary): string[] {
  const changed = comparisons.flatMap(({ title, difference, verdict }) => {
    if (!difference || !verdict?.learned) return [];
    const { difference: without, finding } = verdict.learned;
    const rest = without ? `${formatDifference(without)}, n = ${finding.count}` : 'none is left';
    const all = `${formatDifference(difference)}, n = ${difference.count}`;
    return [`${title}: ${all}; without ${rest}`];
  });
  if (changed.length === 0) return [];
  return [
    `With those seeds and without them (95 % intervals by themselves): ${changed.join('. ')}.`,
  ];
}

/** Settings of whose runs nobody can tell whether they learned, in a sentence a reason. */
function unknown(panel: PanelSummary): string[] {
  const settings = panel.cells.filter((setting) => setting.unknown !== undefined);
  const reasons = [...new Set(settings.flatMap((setting) => setting.unknown?.reason ?? []))];
  return reasons.map((reason) => {
    const some = settings.filter((setting) => setting.unknown?.reason === reason);
    const names = some.map(
      (setting) => `${settingName(setting, panel)} (${setting.unknown?.runs.length ?? 0} runs)`,
    );
    return `Whether these learned cannot be told (${reason}): ${names.join('; ')}.`;
  });
}
