import type { Summary, TestP } from '@noisy-pairs/evaluation';
import type { Table } from '@noisy-pairs/pages';
import { kindNamed } from '../../data/data-config.ts';
import { metrics } from '../../data/metric.ts';
import { formatDifference, formatP, plainPoints } from '../difference.ts';
import { correctedInterval, outcomeName } from '../outcome-words.ts';
import { hasArms } from '../plots/arm-plot.ts';
import { settingName } from '../setting-name.ts';
import type { ComparisonSummary } from '../summary/outcomes.ts';
import type { SettingSummary } from '../summary/setting-summary.ts';
import type { PanelSummary } from '../summary/summary.ts';

/** A column of a table; left out where no row has a value for it. */
interface Column<T = SettingSummary> {
  readonly head: string;
  readonly value: (row: T) => string | null | undefined;
}

/** The findings of a panel, a row a setting. */
export function resultTable(panel: PanelSummary): Table {
  return tableOf(panel.cells, [
    { head: 'encoder', value: (setting) => settingName(setting, panel) },
    ...(panel.metric ? scoreColumns(metrics[panel.metric].title) : []),
    ...comparisonColumns(panel),
    ...countColumns(panel),
    { head: 'false pairs', value: ({ falsePairs }) => percent(falsePairs) },
    { head: 'runs', value: runCount },
  ]);
}

/** The differences that a panel is run for, a row each, with what may be said of them. */
export function comparisonTable({ comparisons }: PanelSummary, margin: number): Table {
  const measured = comparisons.filter(({ verdict }) => verdict);
  const takes = `seeds for ${plainPoints(margin)} points`;
  return tableOf<ComparisonSummary>(measured, [
    { head: 'what with what', value: ({ title }) => title },
    {
      head: 'difference, 95 %',
      value: ({ difference }) => difference && formatDifference(difference),
    },
    { head: 'seeds', value: ({ difference }) => difference?.count.toString() },
    { head: 'pairs a run', value: pairCounts },
    {
      head: 'outcome',
      value: ({ verdict }) =>
        verdict &&
        outcomeName(verdict.outcome, margin) + (verdict.reason ? `: ${verdict.reason}` : ''),
    },
    { head: 'p of a difference', value: ({ verdict }) => adjusted(verdict?.all.difference) },
    { head: 'p of equivalence', value: ({ verdict }) => adjusted(verdict?.all.equivalence) },
    {
      head: 'corrected interval',
      value: ({ verdict }) => verdict && correctedInterval(verdict.all),
    },
    {
      head: 'shown from (80 %)',
      value: ({ verdict }) =>
        verdict?.reach ? `${plainPoints(verdict.reach.smallestEffect)} points` : undefined,
    },
    {
      head: takes,
      value: ({ verdict }) =>
        verdict?.reach && String(verdict.reach.seedsForDifference ?? 'over 100,000'),
    },
    {
      head: 'without runs that did not learn',
      value: ({ verdict }) =>
        verdict?.learned?.difference && formatDifference(verdict.learned.difference),
    },
  ]);
}

/** Corrected and raw p of a test: `0.012 (raw 0.003)`. */
function adjusted(test: TestP | null | undefined): string | undefined {
  if (!test) return undefined;
  const text = (p: number) => formatP(p).replace('p ', '').replace('= ', '');
  return `${text(test.adjusted)} (raw ${text(test.raw)})`;
}

/** Image pairs that each run behind a difference learns from. */
function pairCounts({ pairs }: ComparisonSummary): string {
  const [setting, against] = [pairs.setting ?? '-', pairs.against ?? '-'];
  return setting === against ? String(setting) : `${setting} / ${against}`;
}

/** Damage classes from both images, a row a setting where they were learned. */
export function damageTable(panel: PanelSummary): Table {
  const damaged = panel.cells.filter(({ damage }) => damage);
  return tableOf(damaged, [
    { head: 'encoder', value: (setting) => settingName(setting, panel) },
    { head: 'mean IoU', value: ({ damage }) => damage && range(damage.meanIou) },
    { head: 'xView2 score', value: ({ damage }) => damage && range(damage.xview2) },
  ]);
}

function scoreColumns(title: string): Column[] {
  const interval = (score: Summary | undefined) =>
    score?.interval95?.map((end) => end.toFixed(3)).join(' .. ');
  return [
    { head: title, value: ({ score }) => score?.mean.toFixed(3) },
    { head: '95 % interval', value: ({ score }) => interval(score) ?? '-' },
    { head: 'linear probe', value: ({ linear }) => linear && range(linear) },
  ];
}

/** Differences of a grid's settings; those of arms are between any two, and said in words. */
function comparisonColumns(panel: PanelSummary): Column[] {
  const { data, metric } = panel;
  if (metric === undefined || hasArms(panel)) return [];
  const { baselineWords } = kindNamed(data).words;
  return [
    {
      head: `against ${baselineWords}, by seed`,
      value: ({ difference }) => (difference ? formatDifference(difference) : '-'),
    },
    {
      head: 'against keeping',
      value: ({ againstKeeping }) =>
        againstKeeping ? formatDifference(againstKeeping) : undefined,
    },
  ];
}

/** Counts of the pairs of arms. */
function countColumns({ data }: PanelSummary): Column[] {
  return Object.entries(kindNamed(data).words.counts ?? {}).map(([name, { title, share }]) => ({
    head: title,
    value: ({ counts }) => {
      const value = counts?.[name];
      return share ? percent(value) : value?.toFixed(0);
    },
  }));
}

function runCount({ score, runs = 0, notLearned }: SettingSummary): string {
  const count = score?.count ?? runs;
  return notLearned.length > 0 ? `${count}, ${notLearned.length} not learned` : String(count);
}

function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${(100 * share).toFixed(1)} %`;
}

/** `0.512 [0.498, 0.526]` */
function range({ mean, interval95 }: Summary): string {
  const ends = interval95?.map((end) => end.toFixed(3)).join(', ');
  return ends === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} [${ends}]`;
}

function tableOf<T>(rows: readonly T[], columns: readonly Column<T>[]): Table {
  const shown = columns.filter(({ value }) => rows.some((row) => value(row) != null));
  return {
    head: shown.map(({ head }) => head),
    rows: rows.map((row) => shown.map(({ value }) => value(row) ?? '-')),
  };
}
