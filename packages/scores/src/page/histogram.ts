import { plotColours, renderPlot } from '@noisy-pairs/pages';
import { percent } from './words.ts';
import { mainCut } from './validation.ts';
import type { ScoreRow } from '../set/score-set.ts';

const bins = 40;

/** An SVG of how many rows have which score, by what masks say of them. */
export async function scoreHistogram(
  rows: readonly ScoreRow[],
  column: string,
  title: string,
): Promise<string> {
  const values = rows.map(({ scores }) => scores[column] ?? 0);
  const [least, most] = [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const width = (most - least) / bins || 1;
  const counts = new Map<string, number>();
  rows.forEach((row, i) => {
    const bin = Math.min(bins - 1, Math.floor(((values[i] ?? 0) - least) / width));
    const key = `${bin} ${truthOf(row)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const bars = [...counts].map(([key, count]) => {
    const [bin = '', ...truth] = key.split(' ');
    const from = least + Number(bin) * width;
    return { from, to: from + width, count, truth: truth.join(' ') };
  });
  const truths = [...new Set(rows.map(truthOf))].sort();
  return renderPlot({
    width: 640,
    height: 220,
    data: { values: bars },
    mark: { type: 'bar', binSpacing: 1 },
    encoding: {
      x: { field: 'from', bin: { binned: true, step: width }, type: 'quantitative', title },
      x2: { field: 'to' },
      y: { field: 'count', type: 'quantitative', title: 'count' },
      color: {
        field: 'truth',
        type: 'nominal',
        title: null,
        scale: { domain: truths, range: truths.map(colourOf) },
        legend: truths.length > 1 ? { orient: 'top' } : null,
      },
    },
  });
}

const unknown = 'not known';
const clean = 'no change';
const little = `up to ${percent(mainCut)} changed`;
const noisy = `more than ${percent(mainCut)} changed`;

function truthOf({ changedShare }: ScoreRow): string {
  if (changedShare === null) return unknown;
  if (changedShare === 0) return clean;
  return changedShare > mainCut ? noisy : little;
}

function colourOf(truth: string): string {
  const colours = new Map([
    [clean, plotColours[0]],
    [little, plotColours[5]],
    [noisy, plotColours[4]],
  ]);
  return colours.get(truth) ?? '#888888';
}
