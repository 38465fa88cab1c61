import type { Random } from '@noisy-pairs/imaging';
import { numberedPicture } from './numbered-picture.ts';
import type { Section } from './page/page.ts';
import { collectPoints, type CollectOptions, type Points } from './points.ts';
import { plotsOf } from './plots.ts';
import { projectToPlane } from './projection.ts';
import { spreadOut } from './spread-out.ts';

export interface SectionsOptions extends Pick<
  CollectOptions,
  'images' | 'maps' | 'placement' | 'positions'
> {
  /** As projectToPlane takes them. */
  readonly neighbours: number;
  readonly minDistance: number;
  readonly random: Random;
  /** Called with what is being done, and how far. */
  readonly onProgress?: (stage: string, done: number, of: number) => void;
}

/** Images that are shown, and numbered in the plots. */
const shown = 10;

/**
 * Projections of whole images and, where pixels are labelled, of places in them.
 * @throws as projectToPlane
 */
export async function embeddingSections(options: SectionsOptions): Promise<Section[]> {
  const { images, random, onProgress } = options;
  const { pooled, positions } = await collectPoints({
    ...options,
    random: random.split('points'),
    onProgress: (done) => {
      onProgress?.('features of images', done, images.length);
    },
  });
  const sections = [await imageSection(pooled, options)];
  if (positions && images.pixel)
    sections.push(await placeSection(positions, images.pixel, options));
  return sections;
}

async function imageSection(pooled: Points, options: SectionsOptions): Promise<Section> {
  const { images, random } = options;
  const plane = await project('images', pooled, options);
  const marked = spreadOut(plane, shown);
  return {
    title: 'Whole images',
    text:
      `A point an image: the mean over its feature map. ${marked.length} that lie far from each ` +
      'other are numbered, and shown below.',
    plots: plotsOf({ points: pooled, plane, meanings: images.image, images, marked, random }),
    pictures: await Promise.all(marked.map((index, i) => numberedPicture(images, index, i + 1))),
  };
}

async function placeSection(
  points: Points,
  meanings: NonNullable<CollectOptions['images']['pixel']>,
  options: SectionsOptions,
): Promise<Section> {
  const { images, placement, random } = options;
  const { stride } = placement;
  const plane = await project('places', points, options);
  return {
    title: 'Places in images',
    text:
      `A point a cell of the feature map, labelled by the majority of the ${stride} x ${stride} ` +
      'pixels around the place that it looks at. Kinds of cells are drawn evenly, as far as ' +
      'there are.',
    plots: plotsOf({ points, plane, meanings, images, marked: [], random }),
    pictures: [],
  };
}

function project(
  what: string,
  { features, dimensions }: Points,
  { neighbours, minDistance, random, onProgress }: SectionsOptions,
): Promise<Float32Array> {
  return projectToPlane(features, dimensions, {
    neighbours,
    minDistance,
    random: random.split('umap', what),
    onProgress: (epoch, of) => {
      onProgress?.(`epochs of UMAP of ${what}`, epoch, of);
    },
  });
}
