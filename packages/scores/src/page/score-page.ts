import { lines, markup, page, table, trusted, type Markup } from '@noisy-pairs/pages';
import type { Alarm } from '../alarms/alarm.ts';
import type { ReviewResult } from '../review/review-result.ts';
import type { PairSet } from '../set/pair-set.ts';
import type { PairScorer } from '../set/pair-scorer.ts';
import type { ScoredSet } from '../set/score-set.ts';
import { exampleSection, exampleStyle } from './examples.ts';
import { scoreHistogram } from './histogram.ts';
import { reviewSection } from './review-section.ts';
import { validationSection } from './validation-section.ts';
import type { Validation } from './validation.ts';

/** All that the page of a scored set shows. */
export interface ScorePage {
  readonly set: PairSet;
  /** Edge of the crops in pixels; 0: whole images. */
  readonly size: number;
  readonly scored: ScoredSet;
  /** The score that rows are sorted by. */
  readonly scorer: PairScorer;
  readonly alarms: readonly Alarm[];
  /** Undefined where no mask says what changed. */
  readonly validation: Validation | undefined;
  /** What a person's marks say. */
  readonly review: ReviewResult | undefined;
}

/** scores.html: self-contained, in the order in which one asks. */
export async function scorePage(content: ScorePage): Promise<string> {
  const { set, size, scored, scorer, alarms, validation, review } = content;
  const { rows } = scored;
  const cropped = size > 0 ? `${rows.length} crops of ${size} px` : `${rows.length} whole images`;
  const places = new Set(rows.map(({ place }) => place)).size;
  const plot = await scoreHistogram(rows, scorer.name, scorer.title);
  const body = markup`
    <h1>Noise scores</h1>

    <p>${set.name}: ${set.pairs.length} pairs, ${cropped}, ${places} places. Score:
    ${scorer.title}. ${scorer.about} A higher score: less alike.</p>

    <p class="verdict"><b>A score sorts pairs; it does not say how many are noisy.</b> Light,
    season and camera differ too, and no share of noisy pairs may be read from the histogram.
    ${trustWords(validation, review)}</p>

    <h2>Alarms for the whole set</h2>

    ${alarmTable(alarms)}

    <h2>Scores</h2>

    ${trusted(plot)}

    <h2>Does the score find noise here?</h2>

    ${validationSection(validation, scored.columns)}

    ${reviewSection(review)}

    <h2>Pairs</h2>

    ${await exampleSection(set, size, rows, scorer)}
  `;
  return page('Noise scores', body, exampleStyle);
}

function trustWords(validation: Validation | undefined, review: ReviewResult | undefined): string {
  if (validation?.void) return 'The test by masks is void here, see below.';
  if (validation) return 'How far it finds noise here, masks tell below.';
  if (review) return 'How far it finds noise here, your marks tell below.';
  return 'It is not validated on this set: there are no change masks, and no marks.';
}

function alarmTable(alarms: readonly Alarm[]): Markup {
  const words = { alarm: 'ALARM', none: 'no alarm', undecidable: 'cannot tell' };
  const rows = alarms.map(
    ({ name, state, line }) =>
      markup`
        <tr class="state-${state}"><td>${name}</td><td>${words[state]}</td><td>${line}</td></tr>
      `,
  );
  if (rows.length === 0) return table({ head: ['alarm'], rows: [['none looked for']] });
  return markup`<table class="alarm"><tbody>${lines(rows)}</tbody></table>`;
}
