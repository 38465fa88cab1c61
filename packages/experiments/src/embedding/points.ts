import { positionClasses } from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import type { Placement } from '@noisy-pairs/models';
import { ignoreLabel } from '@noisy-pairs/pairs';
import type { FeatureMaps, ImageSequence } from '@noisy-pairs/training';
import type { EmbeddingImages, ImageLabels } from '../data/embedding-images.ts';
import { evenDraw, type EvenDraw } from './even-draw.ts';

/** Feature vectors, one a point, and what is known of each; NaN for what is not. */
export interface Points {
  /** [N, dimensions] */
  readonly features: Float32Array;
  readonly dimensions: number;
  /** Index of the image that a point is, or lies in, [N]. */
  readonly images: Int32Array;
  /** [N] as in ImageLabels. */
  readonly groups: Int32Array;
  readonly classes: Float32Array;
  readonly noise: Float32Array;
}

export interface CollectOptions {
  readonly images: EmbeddingImages;
  /** Feature maps of images, in their order. */
  readonly maps: (images: ImageSequence) => AsyncIterable<FeatureMaps>;
  /** Where the positions of the feature maps lie in images. */
  readonly placement: Placement;
  /** Positions to draw, evenly over what is known of them. */
  readonly positions: number;
  readonly random: Random;
  readonly onProgress?: (images: number) => void;
}

/** An image, or a position of its feature map. */
interface Point {
  readonly features: Float32Array;
  readonly image: number;
  readonly labels: Pick<ImageLabels, 'group' | 'class' | 'noise'>;
}

/** The feature map of one image, [positions, channels], and what is known of it. */
interface LabelledMap {
  readonly image: number;
  readonly labels: ImageLabels;
  readonly map: Float32Array;
  readonly channels: number;
}

/**
 * A point an image (the mean over its feature map), and where pixels are labelled, points that are
 * positions of the maps. One batch of maps in memory at a time.
 */
export async function collectPoints(
  options: CollectOptions,
): Promise<{ pooled: Points; positions?: Points }> {
  const { images, placement, random, onProgress } = options;
  const pooled: Point[] = [];
  const draw = evenDraw<Point>(options.positions, random.split('cells'));
  for await (const labelled of labelledMaps(options)) {
    const { image, labels, map, channels } = labelled;
    // not the masks, which are large
    const { group, class: ofClass, noise } = labels;
    const features = meanRow(map, channels);
    pooled.push({ features, image, labels: { group, class: ofClass, noise } });
    offerPositions(draw, labelled, images.size, placement);
    onProgress?.(image + 1);
  }
  const drawn = draw.drawn();
  return {
    pooled: together(pooled),
    ...(drawn.length > 0 ? { positions: together(drawn) } : {}),
  };
}

async function* labelledMaps({ images, maps }: CollectOptions): AsyncGenerator<LabelledMap> {
  const { size, length } = images;
  const known = new Map<number, ImageLabels>(); // of the batch at hand, as masks are large
  const sequence: ImageSequence = {
    size,
    length,
    async read(index, image) {
      known.set(index, await images.read(index, image));
    },
  };
  for await (const { start, count, height, width, channels, data } of maps(sequence)) {
    const values = height * width * channels;
    for (let i = 0; i < count; i++) {
      const image = start + i;
      const labels = known.get(image) as ImageLabels;
      known.delete(image);
      yield { image, labels, map: data.subarray(i * values, (i + 1) * values), channels };
    }
  }
}

/** Offers the positions of a map whose class or noise is known. */
function offerPositions(
  draw: EvenDraw<Point>,
  { image, labels: { group, pixels }, map, channels }: LabelledMap,
  size: number,
  placement: Placement,
): void {
  if (!pixels) return;
  const classes = positionClasses(pixels.classes, size, placement);
  const noise = positionClasses(pixels.noise, size, placement);
  const known = (label: number | undefined) =>
    label === undefined || label === ignoreLabel ? NaN : label;
  for (let position = 0; position < map.length / channels; position++) {
    const ofClass = known(classes[position]);
    const ofNoise = known(noise[position]);
    if (Number.isNaN(ofClass) && Number.isNaN(ofNoise)) continue;
    draw.offer(`${ofClass} ${ofNoise}`, () => ({
      features: map.slice(position * channels, (position + 1) * channels),
      image,
      labels: { group, class: ofClass, noise: ofNoise },
    }));
  }
}

/** @param rows [R, width] @returns [width] */
function meanRow(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < rows.length; i++)
    sums[i % width] = (sums[i % width] as number) + (rows[i] as number);
  return Float32Array.from(sums, (sum) => (sum * width) / rows.length);
}

function together(points: readonly Point[]): Points {
  const dimensions = points[0]?.features.length ?? 0;
  const features = new Float32Array(points.length * dimensions);
  points.forEach((point, i) => {
    features.set(point.features, i * dimensions);
  });
  return {
    features,
    dimensions,
    images: Int32Array.from(points, ({ image }) => image),
    groups: Int32Array.from(points, ({ labels }) => labels.group),
    classes: Float32Array.from(points, ({ labels }) => labels.class),
    noise: Float32Array.from(points, ({ labels }) => labels.noise),
  };
}
