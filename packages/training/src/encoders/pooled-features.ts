import { disposeAll, type Precision } from '@noisy-pairs/engine';
import type { LabelledFeatures } from '@noisy-pairs/evaluation';
import { Random } from '@noisy-pairs/imaging';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import { openSource, type ClassifiedSource, type SourceSpec } from '@noisy-pairs/pairs';
import { parts } from '../readers/batch-reader.ts';
import { classifiedReader, classSpec, type ClassifiedReader } from '../readers/classified.ts';
import { encoderPart, type EncoderWeights } from './encoder-weights.ts';
import { openFrozenEncoder } from './frozen-encoder.ts';

/** Features are computed in batches of this many images. */
const chunk = 32;

export interface PooledFeaturesOptions {
  readonly encoder: Encoder;
  /** Borrowed; entries of a projection head are left out. */
  readonly weights: EncoderWeights;
  /** A ClassifiedSource. */
  readonly source: SourceSpec;
  readonly normalise: InputScale;
  /** Runs op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
}

/**
 * What an encoder in inference mode makes of images: its last feature map, averaged over the pixels
 * ([N, C], before any projection head), with their classes, in the source's order; N * C * 4 bytes.
 * To be classified by weightedKnn of @noisy-pairs/evaluation.
 * @throws if a weight is missing or of another shape, or there are more than 255 classes
 */
export async function pooledFeatures({
  encoder,
  weights,
  source: spec,
  normalise,
  eager = false,
  precision = 'float32',
}: PooledFeaturesOptions): Promise<LabelledFeatures> {
  const source = await openSource<ClassifiedSource>(spec);
  const fresh = encoder.init(Random.from(0));
  try {
    const frozen = await openFrozenEncoder(encoder, encoderPart(weights, fresh), normalise, {
      eager,
      precision,
    });
    return await readFeatures(frozen.pooled(classifiedReader(source))).finally(() => {
      frozen.close();
    });
  } finally {
    disposeAll(fresh.params);
    disposeAll(fresh.stats);
  }
}

/**
 * All features of a reader that gives them, in order.
 * @throws if there are more than 255 classes
 */
export async function readFeatures(reader: ClassifiedReader): Promise<LabelledFeatures> {
  const { length, name, classes } = reader.source;
  if (classes.length > 255)
    throw new Error(`${name}: expected at most 255 classes, got ${classes.length}`);
  const dimensions = reader.specs(1)['features']?.shape[1] ?? NaN;
  const features = new Float32Array(length * dimensions),
    labels = new Uint8Array(length);
  for (const indices of parts(length, chunk)) {
    const [start = 0] = indices,
      { inputs } = await reader.read(indices);
    features.set(inputs['features'] as Float32Array, start * dimensions);
    labels.set(inputs['labels'] as Int32Array, start);
  }
  return { features, dimensions, labels };
}

/** Batches out of features that are in memory, which are borrowed. */
export function featureReader(
  source: ClassifiedSource,
  { features, dimensions, labels }: LabelledFeatures,
): ClassifiedReader {
  return {
    source,
    specs: (count) => ({
      features: { shape: [count, dimensions], dtype: 'float32' },
      labels: classSpec(count),
    }),
    read(indices) {
      const chosen = new Float32Array(indices.length * dimensions);
      for (const [i, index] of indices.entries())
        chosen.set(features.subarray(index * dimensions, (index + 1) * dimensions), i * dimensions);
      return Promise.resolve({
        inputs: {
          features: chosen,
          labels: Int32Array.from(indices, (index) => labels[index] as number),
        },
      });
    },
  };
}
