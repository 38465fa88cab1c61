import { createRaster, type Random } from '@noisy-pairs/imaging';
import { picture, type Picture } from '../data/picture.ts';
import { colouring } from './colouring.ts';
import type { EmbeddingImages, Meaning, Meanings } from '../data/embedding-images.ts';
import { aboveMedian, neighbourScore } from './neighbour-score.ts';
import type { Panel, Section } from './page.ts';
import { collectPoints, type CollectOptions, type Points } from './points.ts';
import { projectToPlane } from './projection.ts';
import { spreadOut } from './spread-out.ts';

export interface SectionsOptions extends Pick<CollectOptions, 'images' | 'maps' | 'stride'> {
  /** Cells to draw. */
  readonly cells: number;
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
export async function embeddingSections({
  images,
  maps,
  stride,
  cells: cellCount,
  neighbours,
  minDistance,
  random,
  onProgress,
}: SectionsOptions): Promise<Section[]> {
  const { pooled, cells } = await collectPoints({
    images,
    maps,
    stride,
    cells: cellCount,
    random: random.split('points'),
    onProgress: (done) => {
      onProgress?.('features of images', done, images.length);
    },
  });
  const project = (what: string, { features, dimensions }: Points) =>
    projectToPlane(features, dimensions, {
      neighbours,
      minDistance,
      random: random.split('umap', what),
      onProgress: (epoch, of) => {
        onProgress?.(`UMAP of ${what}, epoch`, epoch, of);
      },
    });

  const plane = await project('images', pooled);
  const marked = spreadOut(plane, shown);
  const sections: Section[] = [
    {
      title: 'Whole images',
      text:
        `A point an image: the mean over its feature map. ${marked.length} that lie far from ` +
        'each other are numbered, and shown below.',
      panels: panelsOf(pooled, plane, images.image, images.unlabelled, marked, random),
      pictures: await Promise.all(marked.map((index, i) => numberedPicture(images, index, i + 1))),
    },
  ];
  if (cells && images.pixel) {
    sections.push({
      title: 'Places in images',
      text:
        `A point a cell of the feature map, ${stride} x ${stride} pixels, labelled by the ` +
        'majority of its pixels. Kinds of cells are drawn evenly, as far as there are.',
      panels: panelsOf(
        cells,
        await project('places', cells),
        images.pixel,
        images.unlabelled,
        [],
        random,
      ),
      pictures: [],
    });
  }
  return sections;
}

/** By class, and by noise where there is any. */
function panelsOf(
  points: Points,
  positions: Float32Array,
  meanings: Meanings,
  unlabelled: string | undefined,
  marked: readonly number[],
  random: Random,
): Panel[] {
  const panel = (values: Float32Array, meaning: Meaning, noise: boolean): Panel => ({
    title: meaning.title,
    positions,
    colouring: colouring(values, meaning, noise, unlabelled),
    marked,
    question:
      meaning.kind === 'share'
        ? 'Whether that share is above the median'
        : `Which of the ${meaning.names.length === 2 ? 'two' : meaning.names.length} it is`,
    score: neighbourScore(
      points,
      meaning.kind === 'share' ? aboveMedian(values) : values,
      random.split('halves'),
    ),
  });
  return [
    panel(points.classes, meanings.class, false),
    ...(meanings.noise ? [panel(points.noise, meanings.noise, true)] : []),
  ];
}

async function numberedPicture(
  images: EmbeddingImages,
  index: number,
  number: number,
): Promise<Picture> {
  const raster = createRaster(images.size, images.size, 3);
  const labels = await images.read(index, raster.data);
  const describe = (value: number, meaning: Meaning | undefined) =>
    meaning === undefined || Number.isNaN(value)
      ? []
      : [
          meaning.kind === 'names'
            ? (meaning.names[value] ?? String(value))
            : `${Math.round(100 * value)} % ${meaning.of}`,
        ];
  const { noise, class: type } = images.image;
  const words = [...describe(labels.noise, noise), ...describe(labels.class, type)];
  return picture(`${number}: ${words.join(', ')}`, raster);
}
