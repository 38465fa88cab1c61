import { stringify } from 'csv-stringify/sync';
import type { ScoredSet } from './score-set.ts';

/**
 * scores.csv: a row a crop, in the order of the set. `changed_share` is empty where no mask knows;
 * `saturated`, `black` and `flat` are shares of the worse of the two images.
 */
export function scoresCsv({ rows, columns }: ScoredSet): string {
  const exposure = ['saturated', 'black', 'flat'] as const;
  return stringify(
    rows.map((row) => {
      const { x, y, width, height } = row.window;
      return [
        row.name,
        row.place,
        ...[x, y, width, height],
        ...columns.map((column) => row.scores[column]?.toFixed(6)),
        ...exposure.map((column) => row[column].toFixed(6)),
        row.changedShare?.toFixed(6) ?? '',
      ];
    }),
    {
      header: true,
      columns: [
        ...['name', 'place', 'x', 'y', 'width', 'height'],
        ...columns,
        ...exposure,
        'changed_share',
      ],
    },
  );
}
