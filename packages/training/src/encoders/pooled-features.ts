import type { Precision } from '@noisy-pairs/engine';
import type { LabelledFeatures } from '@noisy-pairs/evaluation';
import type { Encoder, InputScale, NetworkState } from '@noisy-pairs/models';
import { openSource, type ClassifiedSource, type SourceSpec } from '@noisy-pairs/pairs';
import { classifiedReader } from '../readers/classified-images.ts';
import { pooledForm } from './feature-form.ts';
import { featureReader, keepFeatures } from './feature-reader.ts';
import { openFrozenEncoder } from './frozen-encoder.ts';

export interface PooledFeaturesOptions {
  readonly encoder: Encoder;
  /** Borrowed; entries of a projection head are left out. */
  readonly weights: NetworkState;
  /** A ClassifiedSource. */
  readonly source: SourceSpec;
  readonly normalise: InputScale;
  /** Runs op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
}

/**
 * Features of images by an encoder in inference mode: its last feature map, averaged over the
 * pixels ([N, C], before any projection head), with their classes, in the source's order; N * C * 4
 * bytes. To be classified by weightedKnn of @noisy-pairs/evaluation.
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
  const { name, size, classes } = source;
  if (classes.length > 255)
    throw new Error(`${name}: expected at most 255 classes, got ${classes.length}`);
  const frozen = await openFrozenEncoder(encoder, weights, normalise, { eager, precision });
  const reader = featureReader(frozen, classifiedReader(source), size, pooledForm(encoder));
  return keepFeatures(reader).finally(() => {
    frozen.close();
  });
}
