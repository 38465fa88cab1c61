import {
  auditVerdict,
  type ArmDifference,
  type AuditVerdict,
} from '../recipes/audit/audit-verdict.ts';
import { plainPoints, signedPoints } from './difference.ts';
import type { PanelSummary } from './summary/summary.ts';

/** The verdict of an audit's panel; undefined where it is none, or not measured. */
function auditOf(panel: PanelSummary, margin: number): AuditVerdict | undefined {
  if (panel.data !== 'folders') return undefined;
  const filter = differenceOf(panel, 'filter', 'keep');
  const random = differenceOf(panel, 'filter', 'random-drop');
  const control = differenceOf(panel, 'shuffled', 'keep');
  return filter && random && control
    ? auditVerdict({ filter, random, control }, margin)
    : undefined;
}

function differenceOf(
  { comparisons }: PanelSummary,
  choice: string,
  against: string,
): ArmDifference | undefined {
  const found = comparisons.find(
    (one) => one.setting.choice === choice && one.against.choice === against,
  );
  if (!found || found.seeds.length === 0) return undefined;
  return {
    values: found.seeds.map(({ value }) => value),
    learned: found.seeds.filter(({ learned }) => learned !== false).map(({ value }) => value),
  };
}

/** The answer first, without its last full stop; none where the panel is no audit. */
export function auditSentences(panel: PanelSummary, margin: number): string[] {
  const verdict = auditOf(panel, margin);
  if (!verdict) return [];
  const { answer, why, seeds } = verdict;
  const answers = {
    keep: 'Keep the pairs',
    filter: 'Filter the pairs',
    'cannot tell': 'Cannot tell whether to filter',
  };
  const needed =
    seeds === undefined
      ? []
      : [seeds === null ? 'How many seeds it takes is not known' : `It would take ${seeds} seeds`];
  const control = differenceOf(panel, 'shuffled', 'keep')?.values ?? [];
  const mean = control.reduce((sum, value) => sum + value, 0) / control.length;
  const weak =
    answer === 'cannot tell' || -mean >= margin
      ? []
      : [
          `Caution: the control's own harm (${signedPoints(mean)} points) is smaller than the ` +
            `margin of ${plainPoints(margin)}`,
        ];
  const measure =
    panel.metric === 'changeIou' ? ['Measured by change, it says nothing on segmentation'] : [];
  return [answers[answer], why.replace(/\.$/, ''), ...needed, ...weak, ...measure];
}
