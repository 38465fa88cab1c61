import { disposeAll, type NamedTensors, tf, type Tensor4D } from '@noisy-pairs/engine';
import type { Encoder } from '@noisy-pairs/models';
import { labelTensor, type LabelledBatch, type LabelledReader } from './labelled.ts';

/** Weights and batch-norm statistics of an encoder. */
export interface EncoderWeights {
  readonly params: NamedTensors;
  readonly stats: NamedTensors;
}

/** Features are computed in batches of this many images. */
const chunk = 32;

/** Batches whose inputs are a frozen encoder's features, computed anew each time; never flipped. */
export function featureReader(images: LabelledReader, encoder: Encoder, { params, stats }: EncoderWeights): LabelledReader {
  return {
    source: images.source,
    async read(indices) {
      const { inputs, ...batch } = await images.read(indices);
      const features = tf.tidy(() => encoder.apply(params, stats, inputs['images'] as Tensor4D, false).y); // [B, h, w, C]
      inputs['images']?.dispose();
      return { ...batch, inputs: { features, labels: inputs['labels'] as NamedTensors[string] } };
    },
  };
}

/** Bytes that `cachedFeatures` would hold for a source. */
export function featureBytes({ source }: LabelledReader, encoder: Encoder): number {
  const edge = Math.ceil(source.size / encoder.outputStride);
  return source.length * (edge * edge * encoder.channels * 4 + source.size * source.size * 4);
}

/** Reads every feature map once and keeps it, with pixels and masks, in typed arrays of `featureBytes` in all. */
export async function cachedFeatures(reader: LabelledReader): Promise<LabelledReader> {
  const { size, length } = reader.source;
  const pixels = size * size;
  const images = new Uint8Array(length * pixels * 3);
  const masks = new Uint8Array(length * pixels);
  let features = new Float32Array(0); // [N, h, w, C]
  let shape: readonly number[] = [];
  for (let start = 0; start < length; start += chunk) {
    const batch = await reader.read(Array.from({ length: Math.min(chunk, length - start) }, (_, i) => start + i));
    const maps = batch.inputs['features'] as Tensor4D;
    shape = maps.shape.slice(1);
    const values = await maps.data();
    disposeAll(batch.inputs);
    if (start === 0) features = new Float32Array(length * product(shape));
    features.set(values, start * product(shape));
    images.set(batch.images, start * pixels * 3);
    masks.set(batch.masks, start * pixels);
  }
  const rows = <T extends Uint8Array | Float32Array>(all: T, width: number, indices: readonly number[], out: T): T => {
    for (const [i, index] of indices.entries()) out.set(all.subarray(index * width, (index + 1) * width), i * width);
    return out;
  };
  return {
    source: reader.source,
    read(indices): Promise<LabelledBatch> {
      const count = indices.length;
      const width = product(shape);
      const chosen = rows(masks, pixels, indices, new Uint8Array(count * pixels));
      return Promise.resolve({
        images: rows(images, pixels * 3, indices, new Uint8Array(count * pixels * 3)),
        masks: chosen,
        inputs: { features: tf.tensor(rows(features, width, indices, new Float32Array(count * width)), [count, ...shape]), labels: labelTensor(chosen) },
      });
    },
  };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, edge) => size * edge, 1);
}
