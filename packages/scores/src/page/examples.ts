import { createRaster } from '@noisy-pairs/imaging';
import { figure, lines, markup, photograph, picture, type Markup } from '@noisy-pairs/pages';
import type { PairCrop, PairSet } from '../set/pair-set.ts';
import type { PairScorer } from '../set/pair-scorer.ts';
import type { ScoreRow } from '../set/score-set.ts';
import { readRows } from '../set/read-rows.ts';
import { heatMap, shrunk } from './heat-map.ts';
import { byScore } from './validation.ts';
import { percent } from './words.ts';

/** Examples of each part. */
const each = 6;
const longestEdge = 256;

/** Pairs of the highest, middle and lowest scores, with the cells that make the score. */
export async function exampleSection(
  set: PairSet,
  size: number,
  rows: readonly ScoreRow[],
  scorer: PairScorer,
): Promise<Markup> {
  const descending = byScore(rows, scorer.name).reverse();
  const middle = Math.max(0, Math.floor((descending.length - each) / 2));
  const parts = [
    ['Highest scores', descending.slice(0, each)],
    ['In the middle', descending.slice(middle, middle + each)],
    ['Lowest scores', descending.slice(-each)],
  ] as const;
  const wanted = new Set(parts.flatMap(([, some]) => some));
  const pictures = new Map<ScoreRow, Markup>();
  for await (const [row, crop] of readRows(set, size, wanted))
    pictures.set(row, await example(row, crop, scorer));
  return lines(
    parts.map(([title, some]) => {
      const shown = some.flatMap((row) => pictures.get(row) ?? []);
      return markup`<h3>${title}</h3><div class="examples">${shown}</div>`;
    }),
  );
}

async function example(row: ScoreRow, crop: PairCrop, scorer: PairScorer): Promise<Markup> {
  const { first, second, change, window } = crop;
  const cells = heatMap(await scorer.map(first, second));
  const shown = [
    await photograph('first', shrunk(first, longestEdge)),
    await photograph('second', shrunk(second, longestEdge)),
    await picture('where they differ', cells),
  ];
  if (change) {
    const mask = createRaster(window.width, window.height, 1, change.map(greyOfLabel));
    shown.push(await picture('mask', shrunk(mask, longestEdge)));
  }
  const known = row.changedShare === null ? '' : `, ${percent(row.changedShare)} changed`;
  return markup`
    <div class="example"><p>${row.name}, ${placeOf(window)}:
    <b>${(row.scores[scorer.name] ?? NaN).toFixed(3)}</b>${known}</p>
    <div class="row">${shown.map(figure)}</div></div>
  `;
}

/** 0 unchanged, 1 changed, others not known. */
const greyOfLabel = (label: number) => (label === 0 ? 0 : label === 1 ? 255 : 128);

const placeOf = ({ x, y }: PairCrop['window']) => `at ${x}, ${y}`;

/** Rows' pictures by the same scale. */
export const exampleStyle = markup`
  .examples { display: flex; flex-wrap: wrap; gap: .4rem 2rem; }
  .example p { margin: .4rem 0 .2rem; font-size: .85rem; }
  .example img { width: 128px; height: 128px; image-rendering: pixelated; border: 1px solid #ccc; }
  .alarm td:first-child { font-weight: bold; }
  .state-alarm { background: #fbe3d6; }
  .state-undecidable { background: #f5f0da; }
`;
