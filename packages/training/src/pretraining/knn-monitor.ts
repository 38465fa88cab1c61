import type { Precision } from '@noisy-pairs/engine';
import {
  checkKnn,
  positionClasses,
  weightedKnn,
  type LabelledFeatures,
} from '@noisy-pairs/evaluation';
import type { Encoder, InputScale } from '@noisy-pairs/models';
import {
  ignoreLabel,
  openSource,
  type ClassifiedSource,
  type LabelledSource,
  type SourceSpec,
} from '@noisy-pairs/pairs';
import { all, parts } from '../readers/batch-reader.ts';
import { joinedForm, pooledForm } from '../encoders/feature-form.ts';
import { featureReader, keepFeatures } from '../encoders/feature-reader.ts';
import { openFrozenEncoder, type FrozenEncoder } from '../encoders/frozen-encoder.ts';
import { classifiedReader } from '../readers/classified-images.ts';
import { keptClassified, keptLabelled } from '../readers/kept-source.ts';
import { labelledReader } from '../readers/labelled-images.ts';
import { requireAlike } from '../readers/require-alike.ts';
import { checkMonitor, type Monitor } from './monitor.ts';
import { tensorProducts } from '../encoders/tensor-products.ts';

export interface KnnMonitorOptions {
  readonly encoder: Encoder;
  /**
   * classes: ClassifiedSources; a row is an image's features averaged over its pixels. masks:
   * LabelledSources; a row is one position of the feature map (of two images a mask, both images'
   * features and how they differ), its class by positionClasses of @noisy-pairs/evaluation;
   * positions without one are left out of bank and queries (the numbers are told to onMessage).
   */
  readonly labels: 'classes' | 'masks';
  readonly bank: SourceSpec;
  readonly queries: SourceSpec;
  readonly normalise: InputScale;
  /** Neighbours that vote, at most the bank's rows, and T of a vote's weight exp(s / T). */
  readonly k: number;
  readonly temperature: number;
  readonly everyEpochs: number;
  /** Runs the encoder op by op instead of compiled. Default false. */
  readonly eager?: boolean;
  /** Default float32. */
  readonly precision?: Precision;
  /** Called with a line on what is measured. */
  readonly onMessage?: (line: string) => void;
}

/** Rows for weightedKnn out of a source, by the encoder as it is. */
interface Rows {
  readonly count: number;
  read(): Promise<LabelledFeatures>;
}

/** Images a batch. */
const chunk = 32;

/**
 * A monitor that gives `knnAccuracy`, 0..1: weighted nearest neighbours (weightedKnn of
 * @noisy-pairs/evaluation) of the encoder's features in inference mode, not of the projection
 * head's output. The encoder is compiled once, for all measurements; images and masks are read once
 * and kept in memory.
 * @throws if sizes or classes of bank and queries differ, k does not fit the bank, or an option is
 *   out of range
 */
export async function openKnnMonitor(options: KnnMonitorOptions): Promise<Monitor> {
  const { encoder, normalise, everyEpochs, eager = false, precision = 'float32' } = options;
  checkMonitor({ everyEpochs });
  const running = { eager, precision };
  // measure() gives the weights
  const frozen = await openFrozenEncoder(encoder, undefined, normalise, running);
  try {
    return await monitorOf(frozen, options);
  } catch (error) {
    frozen.close();
    throw error;
  }
}

async function monitorOf(frozen: FrozenEncoder, options: KnnMonitorOptions): Promise<Monitor> {
  const { k, temperature, everyEpochs } = options;
  const bankSource = await openSource<RowSource>(options.bank);
  const querySource = await openSource<RowSource>(options.queries);
  requireAlike(bankSource, querySource, ['bank', 'queries']);
  const bank = await rowsOf(frozen, bankSource, options);
  const queries = await rowsOf(frozen, querySource, options);
  const knn = {
    k,
    temperature,
    classes: bankSource.classes.length,
    products: tensorProducts,
  };
  checkKnn(knn, bank.count);
  if (queries.count === 0)
    throw new Error(`queries: expected one row or more, got none in ${querySource.name}`);
  const rows = options.labels === 'classes' ? 'images' : 'positions with a class';
  options.onMessage?.(
    `nearest neighbours: ${queries.count} queries, a bank of ${bank.count} (${rows}), every ` +
      `${everyEpochs} epochs`,
  );
  return {
    everyEpochs,
    async measure(weights) {
      await frozen.write(weights);
      return { knnAccuracy: weightedKnn(await bank.read(), await queries.read(), knn).accuracy };
    },
    close() {
      frozen.close();
    },
  };
}

type RowSource = ClassifiedSource | LabelledSource;

const rowsOf = (
  frozen: FrozenEncoder,
  source: RowSource,
  { encoder, labels }: KnnMonitorOptions,
): Promise<Rows> =>
  labels === 'classes'
    ? imageRows(frozen, encoder, source as ClassifiedSource)
    : positionRows(frozen, encoder, source as LabelledSource);

/** One row an image. */
async function imageRows(
  frozen: FrozenEncoder,
  encoder: Encoder,
  source: ClassifiedSource,
): Promise<Rows> {
  const images = classifiedReader(await keptClassified(source));
  const reader = featureReader(frozen, images, source.size, pooledForm(encoder));
  return { count: source.length, read: () => keepFeatures(reader) };
}

/** One row a position of the feature map that has a class. */
async function positionRows(
  frozen: FrozenEncoder,
  encoder: Encoder,
  source: LabelledSource,
): Promise<Rows> {
  const { size, length } = source;
  const images = labelledReader(await keptLabelled(source));
  const form = joinedForm(encoder, size, source.images ?? 1);
  const reader = featureReader(frozen, images, size, form);
  const [height = 0, width = 0, dimensions = 0] = form.shape;
  const positions = height * width;
  const classes = new Uint8Array(length * positions); // [N, h, w]
  for (const i of all(length)) {
    const { masks } = await images.read([i]);
    classes.set(positionClasses(masks, size, encoder.placement), i * positions);
  }
  const labels = classes.filter((id) => id !== ignoreLabel);
  return {
    count: labels.length,
    async read() {
      const features = new Float32Array(labels.length * dimensions);
      let row = 0;
      for (const indices of parts(length, chunk)) {
        const maps = (await reader.read(indices)).inputs.features;
        const start = (indices[0] ?? 0) * positions;
        for (let i = 0; i < indices.length * positions; i++) {
          if (classes[start + i] === ignoreLabel) continue;
          features.set(maps.subarray(i * dimensions, (i + 1) * dimensions), row++ * dimensions);
        }
      }
      return { features, dimensions, labels };
    },
  };
}
