import { openProgram, under, within, type NamedTensors, type Precision, type Tensor4D } from '@noisy-pairs/engine';
import type { Encoder } from '@noisy-pairs/models';
import { joinedChannels, joinFeatures } from './joined-features.ts';
import { labelledEntries } from './labelled-entries.ts';
import { labelSpec, type LabelledBatch, type LabelledReader } from './labelled.ts';
import { normaliseFunction, type Normalise } from './normalise.ts';

/** Weights and batch-norm statistics of an encoder. */
export interface EncoderWeights {
  readonly params: NamedTensors;
  readonly stats: NamedTensors;
}

/** Features are computed in batches of this many images. */
const chunk = 32;

export interface FrozenEncoder {
  /** Batches whose inputs are the encoder's features of an image reader's batches, computed anew each time; never flipped. */
  features(images: LabelledReader): LabelledReader;
  /** The weights as they are now; the caller's. */
  read(): Promise<EncoderWeights>;
  close(): void;
}

/** An encoder in inference mode, its weights (borrowed) copied into a program of its own. */
export async function openFrozenEncoder(encoder: Encoder, { params, stats }: EncoderWeights, normalise: Normalise, options: { eager: boolean; precision: Precision }): Promise<FrozenEncoder> {
  const program = await openProgram({ ...under('params', params), ...under('stats', stats) }, options);
  return {
    features(images) {
      const { size, images: perMask = 1 } = images.source;
      const edge = Math.ceil(size / encoder.outputStride);
      const toStandard = normaliseFunction(size, normalise);
      const entries = labelledEntries(program, (state, inputs) => {
        const x = toStandard((inputs['images'] as Tensor4D).mul<Tensor4D>(1 / 255));
        return { outputs: { features: joinFeatures(encoder.apply(within('params', state), within('stats', state), x, false).y, perMask) } }; // [B, h, w, C]
      }, images);
      return {
        source: images.source,
        specs: (count) => ({ features: { shape: [count, edge, edge, joinedChannels(encoder.channels, perMask)], dtype: 'float32' }, labels: labelSpec(count, size) }),
        async read(indices) {
          const { inputs, ...batch } = await images.read(indices);
          const { outputs } = await entries(indices.length).run(inputs);
          return { ...batch, inputs: { features: outputs['features']?.data as Float32Array, labels: inputs['labels'] as Int32Array } };
        },
      };
    },
    async read() {
      const state = await program.read();
      return { params: within('params', state), stats: within('stats', state) };
    },
    close() {
      program.close();
    },
  };
}

/** Bytes that `cachedFeatures` would hold for a source. */
export function featureBytes({ source }: LabelledReader, encoder: Encoder): number {
  const edge = Math.ceil(source.size / encoder.outputStride);
  const { length, size, images = 1 } = source;
  return length * (edge * edge * joinedChannels(encoder.channels, images) * 4 + size * size * (1 + 3 * images));
}

/** Reads every feature map once and keeps it, with pixels and masks, in typed arrays of `featureBytes` in all. */
export async function cachedFeatures(reader: LabelledReader): Promise<LabelledReader> {
  const { size, length, images: perMask = 1 } = reader.source;
  const pixels = size * size, colours = pixels * 3 * perMask;
  const width = product(reader.specs(1)['features']?.shape ?? []);
  const images = new Uint8Array(length * colours);
  const masks = new Uint8Array(length * pixels);
  const features = new Float32Array(length * width); // [N, h, w, C]
  for (let start = 0; start < length; start += chunk) {
    const batch = await reader.read(Array.from({ length: Math.min(chunk, length - start) }, (_, i) => start + i));
    features.set(batch.inputs['features'] as Float32Array, start * width);
    images.set(batch.images, start * colours);
    masks.set(batch.masks, start * pixels);
  }
  const rows = <T extends Uint8Array | Float32Array>(all: T, row: number, indices: readonly number[], out: T): T => {
    for (const [i, index] of indices.entries()) out.set(all.subarray(index * row, (index + 1) * row), i * row);
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
        inputs: { features: rows(features, width, indices, new Float32Array(count * width)), labels: new Int32Array(chosen) },
      });
    },
  };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, edge) => size * edge, 1);
}
