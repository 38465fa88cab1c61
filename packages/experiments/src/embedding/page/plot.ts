import { type Markup, markup } from '@noisy-pairs/pages';
import type { NeighbourScore } from '../neighbour-score.ts';
import type { Colouring } from './colouring.ts';
import { scatterPlot } from './scatter-plot.ts';

/** One plot with what is said of it. */
export interface Plot {
  readonly title: string;
  /** Places of the points in the plane, [N, 2]. */
  readonly plane: Float32Array;
  readonly colouring: Colouring;
  /** Points that are numbered. */
  readonly marked: readonly number[];
  /** The question to neighbours, as the beginning of a sentence. */
  readonly question: string;
  /** Absent where there is nothing to tell apart. */
  readonly score: NeighbourScore | undefined;
}

/** @param dimensions of the features that neighbours are sought in */
export function plotFigure(
  { title, plane, colouring, marked, question, score }: Plot,
  dimensions: number,
): Markup {
  const caption = score ? scoreCaption(score, question, dimensions) : nothingToTell;
  return markup`
    <figure class="panel"><h3>${title}</h3>

    ${legend(colouring)}

    ${scatterPlot(plane, colouring.colours, marked, title)}

    ${caption}</figure>
  `;
}

const nothingToTell = markup`
  <figcaption>All that is labelled here is of one kind: there is nothing to tell apart.</figcaption>
`;

function scoreCaption(
  { accuracy, chance, k, points }: NeighbourScore,
  question: string,
  dimensions: number,
): Markup {
  const tenths = (share: number) => (100 * share).toFixed(1);
  return markup`
    <div class="bar"><i style="width:${tenths(accuracy)}%"></i>
    <i class="chance" style="left:${tenths(chance)}%"></i></div>

    <figcaption><b>${tenths(accuracy)} %</b> right, ${tenths(chance)} % by chance. ${question}, told
    by the ${k} nearest neighbours in all ${dimensions} dimensions; ${points.toLocaleString('en')}
    points.</figcaption>
  `;
}

function legend({ names, scale }: Colouring): Markup {
  const entries = names.map(
    ({ colour, name }) => markup`<span><i style="background:${colour}"></i>${name}</span>`,
  );
  return markup`<div class="legend">${scale ? scaleRange(scale) : ''}${entries}</div>`;
}

function scaleRange({ low, high, colours }: NonNullable<Colouring['scale']>): Markup {
  const background = `linear-gradient(to right, ${colours.join(', ')})`;
  const bar = markup`<i class="scale" style="background:${background}"></i>`;
  return markup`<span>${low}${bar}${high}</span>`;
}
