import { positionClasses } from '@noisy-pairs/evaluation';
import type { Random } from '@noisy-pairs/imaging';
import { ignoreLabel } from '@noisy-pairs/pairs';
import type { FeatureMaps, ImageSequence } from '@noisy-pairs/training';
import type { EmbeddingImages, ImageLabels } from '../data/embedding-images.ts';
import { evenDraw } from './even-draw.ts';

/** Feature vectors, one a point, and what is known of each; NaN for what is not. */
export interface Points {
  /** [N, dimensions] */
  readonly features: Float32Array;
  readonly dimensions: number;
  /** [N] which image it is, or lies in. */
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
  /** Of the feature maps: the edge of a cell in pixels. */
  readonly stride: number;
  /** Cells to draw, evenly over what is known of them. */
  readonly cells: number;
  readonly random: Random;
  readonly onProgress?: (images: number) => void;
}

interface Point {
  readonly features: Float32Array;
  readonly image: number;
  readonly labels: Pick<ImageLabels, 'group' | 'class' | 'noise'>;
}

/**
 * A point an image (the mean over its feature map), and where pixels are labelled, points that are
 * cells of the maps. One batch of maps in memory at a time.
 */
export async function collectPoints({
  images,
  maps,
  stride,
  cells,
  random,
  onProgress,
}: CollectOptions): Promise<{ pooled: Points; cells?: Points }> {
  const { size, length } = images;
  const known = new Map<number, ImageLabels>(); // of the batch at hand, as masks are large
  const pooled: Point[] = [];
  const draw = evenDraw<Point>(cells, random.split('cells'));
  for await (const { start, count, height, width, channels, data } of maps({
    size,
    length,
    async read(index, image) {
      known.set(index, await images.read(index, image));
    },
  })) {
    for (let i = 0; i < count; i++) {
      const image = start + i,
        labels = known.get(image) as ImageLabels;
      known.delete(image);
      const map = data.subarray(i * height * width * channels, (i + 1) * height * width * channels);
      pooled.push({
        features: meanRow(map, channels),
        image,
        labels: { group: labels.group, class: labels.class, noise: labels.noise },
      });
      if (!labels.pixels) continue;
      const [classes, noise] = [labels.pixels.classes, labels.pixels.noise].map((mask) =>
        positionClasses(mask, size, stride),
      ) as [Uint8Array, Uint8Array];
      for (let cell = 0; cell < height * width; cell++) {
        const [ofClass, ofNoise] = [classes[cell], noise[cell]].map((label) =>
          label === ignoreLabel ? NaN : label,
        ) as [number, number];
        if (Number.isNaN(ofClass) && Number.isNaN(ofNoise)) continue;
        draw.offer(`${ofClass} ${ofNoise}`, () => ({
          features: map.slice(cell * channels, (cell + 1) * channels),
          image,
          labels: { group: labels.group, class: ofClass, noise: ofNoise },
        }));
      }
    }
    onProgress?.(start + count);
  }
  const drawn = draw.drawn();
  return { pooled: together(pooled), ...(drawn.length > 0 ? { cells: together(drawn) } : {}) };
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
