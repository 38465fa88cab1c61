import type { Summary } from '@noisy-pairs/evaluation';
import { cellName } from './setting-name.ts';
import { metrics } from '../data/metric.ts';
import { kindNamed } from '../data/data-config.ts';
import type { Cell, PanelSummary } from './summary.ts';
import { formatDifference } from './verdict.ts';

/** A column of a panel's table; left out where no cell has a value for it. */
interface Column {
  readonly head: string;
  readonly value: (cell: Cell) => string | undefined;
}

const range = ({ mean, interval95 }: Summary) =>
  `${mean.toFixed(3)}${interval95 ? ` [${interval95[0].toFixed(3)}, ${interval95[1].toFixed(3)}]` : ''}`;

/** What a panel found, a row a setting. */
export function resultTable(panel: PanelSummary): { head: string[]; rows: string[][] } {
  const columns: Column[] = [
    { head: 'encoder', value: (cell) => cellName(cell, panel) },
    { head: metrics[panel.metric].title, value: ({ score }) => score.mean.toFixed(3) },
    {
      head: '95 % interval',
      value: ({ score: { interval95 } }) =>
        interval95 ? `${interval95[0].toFixed(3)} .. ${interval95[1].toFixed(3)}` : '-',
    },
    { head: 'linear probe', value: ({ linear }) => linear && range(linear) },
    {
      head: `against ${kindNamed(panel.data).words.baselineWords}, by seed`,
      value: ({ difference }) => (difference ? formatDifference(difference) : '-'),
    },
    {
      head: 'against keeping',
      value: ({ againstKeeping }) =>
        againstKeeping ? formatDifference(againstKeeping) : undefined,
    },
    {
      head: 'false pairs',
      value: ({ falsePairs }) =>
        falsePairs === undefined ? undefined : `${(100 * falsePairs).toFixed(1)} %`,
    },
    {
      head: 'runs',
      value: ({ score: { count }, notLearned }) =>
        notLearned.length > 0 ? `${count}, ${notLearned.length} not learned` : String(count),
    },
  ];
  const shown = columns.filter(({ value }) =>
    panel.cells.some((cell) => value(cell) !== undefined),
  );
  return {
    head: shown.map(({ head }) => head),
    rows: panel.cells.map((cell) => shown.map(({ value }) => value(cell) ?? '-')),
  };
}

/** Damage classes from both images, a row a setting where they were learned. */
export function damageTable(panel: PanelSummary): { head: string[]; rows: string[][] } {
  return {
    head: ['encoder', 'mean IoU', 'xView2 score'],
    rows: panel.cells.flatMap((cell) =>
      cell.damage
        ? [[cellName(cell, panel), range(cell.damage.meanIou), range(cell.damage.xview2)]]
        : [],
    ),
  };
}
