import { createHash } from 'node:crypto';
import type { Random } from '@noisy-pairs/imaging';
import { figure, markup, page, photograph, trusted, type Markup } from '@noisy-pairs/pages';
import { shrunk } from '../page/heat-map.ts';
import type { PairCrop, PairSet } from '../set/pair-set.ts';
import { readRows } from '../set/read-rows.ts';
import type { ScoreRow } from '../set/score-set.ts';
import { openMarks, reviewInBrowser, saveMarks, type ReviewState } from './review-script.ts';

const longestEdge = 512;

/**
 * review.html: rows drawn by chance, each equally likely, to be marked clean, partly or wrong by
 * keyboard. It shows no score and no mask, which would sway the eye.
 * @throws if fewer rows are there than asked for
 */
export async function reviewPage(
  set: PairSet,
  size: number,
  rows: readonly ScoreRow[],
  count: number,
  random: Random,
): Promise<string> {
  if (count > rows.length)
    throw new Error(
      `review: expected at most ${rows.length} pairs, as many as are scored, got ${count}`,
    );
  const drawn = [...random.permutation(rows.length).slice(0, count)].map(
    (i) => rows[i] as ScoreRow,
  );
  const pictures = new Map<ScoreRow, Markup>();
  for await (const [row, crop] of readRows(set, size, drawn))
    pictures.set(row, await pairCard(crop));
  const cards = drawn.flatMap((row) => pictures.get(row) ?? []);
  const items = drawn.map(({ name, window }) => ({ name, ...window }));
  const sample = createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 16);
  const state = { format: 'noisy-pairs/review', version: 1, sample, items } as const;
  return page('Review of pairs', reviewBody(set.name, cards, state), reviewStyle);
}

function reviewBody(name: string, cards: readonly Markup[], state: ReviewState): Markup {
  return markup`
    <h1>Review of pairs</h1>

    <p>${name}: ${cards.length} drawn by chance. Does the second image show the same content?
    <b>clean</b>: yes, whatever the light, season or camera; <b>partly</b>: some of it is other
    content; <b>wrong</b>: another place, or nothing in common.</p>

    <p><progress id="bar" max="${cards.length}" value="0"></progress> <span id="progress"></span>
    <span id="stored"></span></p>

    <div class="row">
    <button data-mark="clean">clean <kbd>1</kbd> <kbd>c</kbd></button>
    <button data-mark="partly">partly <kbd>2</kbd> <kbd>p</kbd></button>
    <button data-mark="wrong">wrong <kbd>3</kbd> <kbd>w</kbd></button>
    <button id="save"></button>
    </div>

    <p>Also: <kbd>&larr;</kbd> <kbd>&rarr;</kbd> go, <kbd>Backspace</kbd> takes a mark back,
    <kbd>s</kbd> saves the file for <code>--reviewed</code>. Marks stay in this browser.</p>

    ${cards}

    <script type="application/json" id="state">${trusted(jsonInHtml(state))}</script>

    <script>${trusted(script)}</script>
  `;
}

async function pairCard({ first, second }: PairCrop): Promise<Markup> {
  const shown = [
    await photograph('first', shrunk(first, longestEdge)),
    await photograph('second', shrunk(second, longestEdge)),
  ];
  return markup`<div class="pair" hidden><div class="row">${shown.map(figure)}</div></div>`;
}

const script = `(${reviewInBrowser.toString()})(${openMarks.toString()}, ${saveMarks.toString()});`;

/** JSON that cannot end its script element. */
const jsonInHtml = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c');

const reviewStyle = markup`
  .pair img { width: min(44vw, 512px); image-rendering: pixelated; }
  button { font: inherit; padding: .3rem .8rem; }
  button[aria-pressed="true"] { background: #0072b2; color: #fff; }
  kbd { font-size: .8em; border: 1px solid #bbb; border-radius: 3px; padding: 0 .3em; }
`;
