import { escape, figure, page } from '../report/html.ts';
import type { Picture } from '../data/picture.ts';
import type { Colouring } from './colouring.ts';
import type { NeighbourScore } from './neighbour-score.ts';
import { scatterPlot } from './scatter-plot.ts';

/** One plot with what is said of it. */
export interface Panel {
  readonly title: string;
  /** [N, 2] */
  readonly positions: Float32Array;
  readonly colouring: Colouring;
  /** Points that are numbered. */
  readonly marked: readonly number[];
  /** What neighbours are asked, as the beginning of a sentence. */
  readonly question: string;
  /** Absent where there is nothing to tell apart. */
  readonly score: NeighbourScore | undefined;
}

/** One projection, and how it is shown. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly panels: readonly Panel[];
  /** In the order of the numbers in the plots. */
  readonly pictures: readonly Picture[];
}

export interface PageOptions {
  /** Name of the run's folder. */
  readonly run: string;
  readonly recipe: string;
  /** What the encoder learned from, in words. */
  readonly trained: string;
  readonly seedOfRun: number;
  /** What the run was measured at, in words. */
  readonly measured: string;
  /** What was embedded: sentences. */
  readonly about: string;
  readonly sections: readonly Section[];
  readonly neighbours: number;
  readonly minDistance: number;
  /** Of the page. */
  readonly seed: number;
  readonly dimensions: number;
  /** Edge of a cell in pixels. */
  readonly stride: number;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const style = `h2 { margin-bottom: .3rem; } h3 { margin: .4rem 0 0; font-size: 1.05rem; } p { margin: .7rem 0; }
.run { color: #555; margin-top: .2rem; } .caution { background: #eef5fb; border-left: 5px solid #0072b2; padding: .6rem 1rem; } .how { font-size: .9rem; color: #444; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1.2rem 2rem; } .panel { max-width: 46rem; }
.panel svg { display: block; width: 100%; } .frame { fill: #fcfcfc; stroke: #ddd; } .numbers circle { fill: #fff; stroke: #222; } .numbers text { font: bold 11px system-ui, sans-serif; text-anchor: middle; fill: #222; }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem 1.2rem; min-height: 2rem; font-size: .88rem; color: #333; } .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .4rem; } .legend i.scale { width: 9rem; border-radius: 2px; margin: 0 .5rem; }
.bar { position: relative; height: .5rem; background: #e8e8e8; margin: .6rem 0 .4rem; } .bar i { position: absolute; inset: 0 auto 0 0; background: #0072b2; } .bar i.chance { width: 3px; top: -.2rem; bottom: -.2rem; background: #222; margin-left: -1px; }
.panel figcaption { font-size: .92rem; color: #444; max-width: none; } .panel figcaption b { font-size: 1.3rem; color: #0072b2; }
.seen { margin: 1rem 0; } .seen figure { width: 6.4rem; } .seen img { width: 6.4rem; height: 6.4rem; image-rendering: pixelated; display: block; } .seen figcaption { line-height: 1.3; padding-top: .2rem; }
`;

/** One self-contained HTML page: nothing is loaded from elsewhere. */
export function embeddingPage({
  run,
  recipe,
  trained,
  seedOfRun,
  measured,
  about,
  sections,
  neighbours,
  minDistance,
  seed,
  dimensions,
  stride,
}: PageOptions): string {
  return page(
    `Features of ${run}`,
    `<h1>What an encoder finds alike</h1>
<p class="run"><b>${escape(run)}</b>: recipe ${escape(recipe)}, ${escape(trained)}, seed ${seedOfRun}; ${escape(measured)}</p>
<p>Points that lie together are images, or places in images, of which the encoder makes similar features. ${escape(about)}</p>
<p class="caution">Look for what mixes and what parts. UMAP keeps neighbourhoods, not distances: how far apart groups lie, how large they are, and the axes mean nothing; another seed draws another picture. The bars below the plots are measured on the features themselves, before any projection.</p>
${sections.map((section) => sectionHtml(section, dimensions)).join('\n')}
<h2>How it was made</h2>
<p class="how">Features: the encoder's last feature map, ${dimensions} channels, a cell every ${stride} px, in inference mode, scaled to length 1. Projection: UMAP (umap-js) by cosine distance, ${neighbours} nearest neighbours, minimum distance ${minDistance}, from a random start, seed ${seed}; one projection a row, however often it is coloured. Bars: weighted nearest neighbours (weights exp(s / 0.1), s the cosine similarity). The points are cut into two halves that are told by each other; an image's versions, its cells and its place always lie in the same half. The black mark is what always giving the most frequent answer comes to.</p>`,
    style,
  );
}

function sectionHtml({ title, text, panels, pictures }: Section, dimensions: number): string {
  return `<h2>${escape(title)}</h2>
<p>${escape(text)}</p>
<div class="panels">
${panels.map((panel) => panelHtml(panel, dimensions)).join('\n')}
</div>${pictures.length > 0 ? `\n<div class="row seen">${pictures.map(figure).join('')}</div>` : ''}`;
}

function panelHtml(
  { title, positions, colouring, marked, question, score }: Panel,
  dimensions: number,
): string {
  const caption = score
    ? `<div class="bar"><i style="width:${percent(score.accuracy).replace(' ', '')}"></i><i class="chance" style="left:${percent(score.chance).replace(' ', '')}"></i></div>
<figcaption><b>${percent(score.accuracy)}</b> right, ${percent(score.chance)} by chance. ${escape(question)}, told by the ${score.k} nearest neighbours in all ${dimensions} dimensions; ${score.points.toLocaleString('en')} points.</figcaption>`
    : '<figcaption>All that is labelled here is of one kind: there is nothing to tell ' +
      'apart.</figcaption>';
  return `<figure class="panel"><h3>${escape(title)}</h3>
${legendHtml(colouring)}
${scatterPlot(positions, colouring.colours, marked, escape(title))}
${caption}</figure>`;
}

function legendHtml({ names, scale }: Colouring): string {
  const entries = names.map(
    ({ colour, name }) => `<span><i style="background:${colour}"></i>${escape(name)}</span>`,
  );
  const range = scale
    ? [
        `<span>${escape(scale.low)}<i class="scale" style="background:linear-gradient(to ` +
          `right, ${scale.colours.join(', ')})"></i>${escape(scale.high)}</span>`,
      ]
    : [];
  return `<div class="legend">${[...range, ...entries].join('')}</div>`;
}
