import {
  openProgram,
  under,
  within,
  type EntryPoint,
  type Precision,
  type Tensor4D,
} from '@noisy-pairs/engine';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import { classSpec, type ClassifiedReader } from '../readers/classified.ts';
import { encoderPart, type EncoderWeights } from './encoder-weights.ts';
import { joinedChannels, joinFeatures } from './joined-features.ts';
import { labelledEntries } from '../readers/labelled-entries.ts';
import { labelSpec, type LabelledReader } from '../readers/labelled.ts';
import { pixelFunction } from '../views/normalise.ts';

export interface FrozenEncoder {
  /**
   * Batches whose inputs are the encoder's feature maps of an image reader's batches, computed anew
   * each time; never flipped.
   */
  features(images: LabelledReader): LabelledReader;
  /** The same of classified images, each map averaged over its pixels: `features` [B, C]. */
  pooled(images: ClassifiedReader): ClassifiedReader;
  /**
   * Goes on with other weights, which are borrowed; what was compiled stays.
   * @throws if one is missing or of another shape
   */
  write(weights: EncoderWeights): Promise<void>;
  /** The weights as they are now; the caller's. */
  read(): Promise<EncoderWeights>;
  close(): void;
}

/** An encoder in inference mode, its weights (borrowed) copied into a program of its own. */
export async function openFrozenEncoder(
  encoder: Encoder,
  weights: EncoderWeights,
  normalise: InputScale,
  options: { eager: boolean; precision: Precision },
): Promise<FrozenEncoder> {
  const named = ({ params, stats }: EncoderWeights) => ({
    ...under('params', params),
    ...under('stats', stats),
  });
  const shapes = (tensors: EncoderWeights['params']) =>
    Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, { shape }]));
  const like = { params: shapes(weights.params), stats: shapes(weights.stats) };
  const program = await openProgram(named(weights), options);
  /** Runs a reader's batches through `f` of their feature maps [images, h, w, C]. */
  const featuresBy = (
    size: number,
    reader: Parameters<typeof labelledEntries>[2],
    f: (maps: Tensor4D) => Tensor4D,
  ): ((count: number) => EntryPoint) => {
    const toStandard = pixelFunction(size, normalise);
    return labelledEntries(
      program,
      (state, inputs) => ({
        outputs: {
          features: f(
            encoder.apply(
              within('params', state),
              within('stats', state),
              toStandard(inputs['images'] as Tensor4D),
              false,
            ).y,
          ),
        },
      }),
      reader,
    );
  };
  return {
    features(images) {
      const { size, images: perMask = 1 } = images.source;
      const edge = Math.ceil(size / encoder.outputStride);
      // [B, h, w, C]
      const entries = featuresBy(size, images, (maps) => joinFeatures(maps, perMask));
      return {
        source: images.source,
        specs: (count) => ({
          features: {
            shape: [count, edge, edge, joinedChannels(encoder.channels, perMask)],
            dtype: 'float32',
          },
          labels: labelSpec(count, size),
        }),
        async read(indices) {
          const { inputs, ...batch } = await images.read(indices);
          const { outputs } = await entries(indices.length).run(inputs);
          return {
            ...batch,
            inputs: {
              features: outputs['features']?.data as Float32Array,
              labels: inputs['labels'] as Int32Array,
            },
          };
        },
      };
    },
    pooled(images) {
      const entries = featuresBy(images.source.size, images, (maps) => maps.mean([1, 2])); // [B, C]
      return {
        source: images.source,
        specs: (count) => ({
          features: { shape: [count, encoder.channels], dtype: 'float32' },
          labels: classSpec(count),
        }),
        async read(indices) {
          const { inputs } = await images.read(indices);
          const { outputs } = await entries(indices.length).run(inputs);
          return {
            inputs: {
              features: outputs['features']?.data as Float32Array,
              labels: inputs['labels'] as Int32Array,
            },
          };
        },
      };
    },
    write: (other) => program.write(named(encoderPart(other, like))),
    async read() {
      const state = await program.read();
      return { params: within('params', state), stats: within('stats', state) };
    },
    close() {
      program.close();
    },
  };
}
