import { figure, lines, markup, type Markup, page, type Picture } from '@noisy-pairs/pages';
import { embeddingStyle } from './page-style.ts';
import { plotFigure, type Plot } from './plot.ts';

/** One projection, and how it is shown. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly plots: readonly Plot[];
  /** In the order of the numbers in the plots. */
  readonly pictures: readonly Picture[];
}

export interface PageOptions {
  /** Name of the run's folder. */
  readonly run: string;
  readonly recipe: string;
  /** In words, the pairs that the encoder learned from. */
  readonly trained: string;
  readonly seedOfRun: number;
  /** The run's measurement, in words. */
  readonly measured: string;
  /** Sentences on the images that were embedded. */
  readonly about: string;
  readonly sections: readonly Section[];
  /** UMAP's settings. */
  readonly neighbours: number;
  readonly minDistance: number;
  /** Seed of all that is drawn for the page. */
  readonly seed: number;
  /** Channels of the feature map. */
  readonly dimensions: number;
  /** Pixels from one position of the feature map to the next. */
  readonly stride: number;
}

/** One self-contained HTML page: nothing is loaded from elsewhere. */
export function embeddingPage(options: PageOptions): string {
  const { run, recipe, trained, seedOfRun, measured, about, sections, dimensions } = options;
  const body = markup`
    <h1>What an encoder finds alike</h1>

    <p class="run"><b>${run}</b>: recipe ${recipe}, ${trained}, seed ${seedOfRun}; ${measured}</p>

    <p>Points that lie together are images, or places in images, of which the encoder makes similar
    features. ${about}</p>

    <p class="caution">Look for what mixes and what parts. UMAP keeps neighbourhoods, not distances:
    how far apart groups lie, how large they are, and the axes mean nothing; another seed draws
    another picture. The bars below the plots are measured on the features themselves, before any
    projection.</p>

    ${lines(sections.map((section) => sectionHtml(section, dimensions)))}

    ${howItWasMade(options)}
  `;
  return page(`Features of ${run}`, body, embeddingStyle);
}

function sectionHtml({ title, text, plots, pictures }: Section, dimensions: number): Markup {
  const section = markup`
    <h2>${title}</h2>

    <p>${text}</p>

    <div class="panels">

    ${lines(plots.map((plot) => plotFigure(plot, dimensions)))}

    </div>
  `;
  if (pictures.length === 0) return section;
  return lines([section, markup`<div class="row seen">${pictures.map(figure)}</div>`]);
}

function howItWasMade({ dimensions, stride, neighbours, minDistance, seed }: PageOptions): Markup {
  return markup`
    <h2>How it was made</h2>

    <p class="how">Features: the encoder's last feature map, ${dimensions} channels, a cell every
    ${stride} px, in inference mode, scaled to length 1. Projection: UMAP (umap-js) by cosine
    distance, ${neighbours} nearest neighbours, minimum distance ${minDistance}, from a random
    start, seed ${seed}; one projection a row, however often it is coloured. Bars: weighted nearest
    neighbours (weights exp(s / 0.1), s the cosine similarity). The points are cut into two halves
    that are told by each other; an image's versions, its cells and its place always lie in the same
    half. The black mark is what always giving the most frequent answer comes to.</p>
  `;
}
