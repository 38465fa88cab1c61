import {
  parts,
  type BatchReader,
  type FeatureSpecs,
  type ImageReader,
} from '../readers/batch-reader.ts';
import type { FeatureForm } from './feature-form.ts';
import type { FrozenEncoder } from './frozen-encoder.ts';

/** Reads features [B, ...] in place of images, under the same labels; never augmented. */
export type FeatureReader = BatchReader<FeatureSpecs>;

/**
 * Features of an image reader's batches, computed anew each time.
 * @param size edge of the images
 */
export function featureReader(
  encoder: FrozenEncoder,
  images: ImageReader,
  size: number,
  form: FeatureForm,
): FeatureReader {
  const features = encoder.features(size, (maps) => form.of(maps));
  return {
    length: images.length,
    specs: (count) => ({
      features: { shape: [count, ...form.shape], dtype: 'float32' },
      labels: images.specs(count).labels,
    }),
    async read(indices) {
      const { inputs } = await images.read(indices);
      const { data } = await features(inputs.images);
      return { inputs: { features: data, labels: inputs.labels } };
    },
  };
}

/** All of a reader's features and labels, in its order. */
export interface KeptFeatures {
  /** [N, dimensions] */
  readonly features: Float32Array;
  /** Numbers of one image's features, or one mask's. */
  readonly dimensions: number;
  /** [N] class ids, or [N, S, S] masks */
  readonly labels: Uint8Array;
}

/** Features are computed in batches of this many images. */
const chunk = 32;

/** Reads every batch once and keeps it: `featureBytes` of memory. */
export async function keepFeatures(reader: FeatureReader): Promise<KeptFeatures> {
  const width = widths(reader);
  const features = new Float32Array(reader.length * width.features);
  const labels = new Uint8Array(reader.length * width.labels);
  for (const indices of parts(reader.length, chunk)) {
    const [start = 0] = indices;
    const { inputs } = await reader.read(indices);
    features.set(inputs.features, start * width.features);
    labels.set(inputs.labels, start * width.labels);
  }
  return { features, dimensions: width.features, labels };
}

/** Bytes that keeping a reader's features takes. */
export function featureBytes(reader: FeatureReader): number {
  const width = widths(reader);
  return reader.length * (4 * width.features + width.labels);
}

/** The same batches out of features that were kept, which are borrowed. */
export function keptReader(reader: FeatureReader, kept: KeptFeatures): FeatureReader {
  const width = widths(reader);
  return {
    length: reader.length,
    specs: (count) => reader.specs(count),
    read(indices) {
      const features = new Float32Array(indices.length * width.features);
      const labels = new Int32Array(indices.length * width.labels);
      for (const [i, index] of indices.entries()) {
        features.set(row(kept.features, index, width.features), i * width.features);
        labels.set(row(kept.labels, index, width.labels), i * width.labels);
      }
      return Promise.resolve({ inputs: { features, labels } });
    },
  };
}

const row = <T extends Float32Array | Uint8Array>(rows: T, index: number, width: number) =>
  rows.subarray(index * width, (index + 1) * width) as T;

/** Numbers of one image's features and labels. */
function widths(reader: FeatureReader): { features: number; labels: number } {
  const { features, labels } = reader.specs(1);
  const width = (shape: readonly number[]) => shape.reduce((size, edge) => size * edge, 1);
  return { features: width(features.shape), labels: width(labels.shape) };
}
