import type { Encoder } from '@noisy-pairs/models';
import { parts } from '../readers/batch-reader.ts';
import { joinedChannels } from './joined-features.ts';
import type { LabelledBatch, LabelledReader } from '../readers/labelled.ts';

/** Features are computed in batches of this many images. */
const chunk = 32;

/** Bytes that `cachedFeatures` would hold for a source. */
export function featureBytes({ source }: LabelledReader, encoder: Encoder): number {
  const edge = Math.ceil(source.size / encoder.outputStride);
  const { length, size, images = 1 } = source;
  return (
    length *
    (edge * edge * joinedChannels(encoder.channels, images) * 4 + size * size * (1 + 3 * images))
  );
}

/**
 * Reads every feature map once and keeps it, with pixels and masks, in typed arrays of
 * `featureBytes` in all.
 */
export async function cachedFeatures(reader: LabelledReader): Promise<LabelledReader> {
  const { size, length, images: perMask = 1 } = reader.source;
  const pixels = size * size,
    colours = pixels * 3 * perMask;
  const width = product(reader.specs(1)['features']?.shape ?? []);
  const images = new Uint8Array(length * colours);
  const masks = new Uint8Array(length * pixels);
  const features = new Float32Array(length * width); // [N, h, w, C]
  for (const indices of parts(length, chunk)) {
    const [start = 0] = indices,
      batch = await reader.read(indices);
    features.set(batch.inputs['features'] as Float32Array, start * width);
    images.set(batch.images, start * colours);
    masks.set(batch.masks, start * pixels);
  }
  const rows = <T extends Uint8Array | Float32Array>(
    all: T,
    row: number,
    indices: readonly number[],
    out: T,
  ): T => {
    for (const [i, index] of indices.entries())
      out.set(all.subarray(index * row, (index + 1) * row), i * row);
    return out;
  };
  return {
    source: reader.source,
    specs: (count) => reader.specs(count),
    read(indices): Promise<LabelledBatch> {
      const count = indices.length;
      const chosen = rows(masks, pixels, indices, new Uint8Array(count * pixels));
      return Promise.resolve({
        images: rows(images, colours, indices, new Uint8Array(count * colours)),
        masks: chosen,
        inputs: {
          features: rows(features, width, indices, new Float32Array(count * width)),
          labels: new Int32Array(chosen),
        },
      });
    },
  };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, edge) => size * edge, 1);
}
