import type { Summary } from '@noisy-pairs/evaluation';
import type { Table } from '@noisy-pairs/pages';
import { kindNamed } from '../data/data-config.ts';
import { metrics } from '../data/metric.ts';
import { formatDifference } from './difference.ts';
import { hasArms } from './plots/arm-plot.ts';
import { settingName } from './setting-name.ts';
import type { SettingSummary } from './summary/setting-summary.ts';
import type { PanelSummary } from './summary/summary.ts';

/** A column of a panel's table; left out where no setting has a value for it. */
interface Column {
  readonly head: string;
  readonly value: (setting: SettingSummary) => string | undefined;
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

function tableOf(settings: readonly SettingSummary[], columns: readonly Column[]): Table {
  const shown = columns.filter(({ value }) =>
    settings.some((setting) => value(setting) !== undefined),
  );
  return {
    head: shown.map(({ head }) => head),
    rows: settings.map((setting) => shown.map(({ value }) => value(setting) ?? '-')),
  };
}
