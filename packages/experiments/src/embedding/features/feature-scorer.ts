import { basename } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import type { Raster } from '@noisy-pairs/imaging';
import { importEncoder, resnet } from '@noisy-pairs/models';
import { highOf, type CellMap, type PairScorer } from '@noisy-pairs/scores';
import { openFrozenEncoder } from '@noisy-pairs/training';
import { encoderOfFile } from './encoder-of-file.ts';

/** Added to norms, so that places without features are alike. */
const floor = 1e-6;

/**
 * A score by dense features of given weights: at each place of the feature maps the distance of
 * both images' features, each over its norm (0 alike, 1.41 nothing in common). In batch norm's
 * running statistics, float32.
 * @param file .safetensors @throws naming the file, if it is no encoder that is known
 */
export async function openFeatureScorer(
  file: string,
): Promise<{ readonly scorer: PairScorer; readonly close: () => void }> {
  const { config, normalise } = await encoderOfFile(file);
  const encoder = resnet(config);
  const weights = await importEncoder(file, encoder);
  const frozen = await openFrozenEncoder(encoder, weights, normalise, {
    eager: false,
    precision: 'float32',
  }).finally(() => {
    disposeAll(weights.params);
    disposeAll(weights.stats);
  });
  const bySize = new Map<number, ReturnType<typeof frozen.features>>();
  const featuresOf = (size: number) => {
    const known = bySize.get(size) ?? frozen.features(size, (maps) => maps);
    bySize.set(size, known);
    return known;
  };
  const { outputStride: cell } = encoder;
  const scorer: PairScorer = {
    name: 'features',
    title: `features of ${basename(file)}`,
    about:
      `Distance of the features of ${basename(file)} (ResNet-${config.depth}, width ` +
      `${config.width}) over their norm at each place, ${cell} px apart, mean over the places.`,
    leastSize: cell,
    async map(first, second) {
      const size = edgeOf(first, second);
      const { shape, data } = await featuresOf(size)(Buffer.concat([first.data, second.data]));
      const [, rows = 0, columns = 0, channels = 0] = shape;
      return { ...distances(data, rows * columns, channels), rows, columns, cell };
    },
    further: { featuresP90: highOf },
  };
  return {
    scorer,
    close: () => {
      frozen.close();
    },
  };
}

/** @throws unless both are squares of one size */
function edgeOf(first: Raster, second: Raster): number {
  const { width, height } = first;
  if (width !== height || second.width !== width || second.height !== height)
    throw new Error(
      `features: expected two squares of one size, got ${width} x ${height} and ` +
        `${second.width} x ${second.height}`,
    );
  return width;
}

/** @param data [2, places, channels] */
function distances(data: Float32Array, places: number, channels: number): Pick<CellMap, 'values'> {
  const values = new Float64Array(places);
  for (let place = 0; place < places; place++) {
    const a = data.subarray(place * channels, (place + 1) * channels);
    const b = data.subarray((places + place) * channels, (places + place + 1) * channels);
    const [lengthA, lengthB] = [normOf(a) + floor, normOf(b) + floor];
    let squares = 0;
    for (let c = 0; c < channels; c++)
      squares += ((a[c] as number) / lengthA - (b[c] as number) / lengthB) ** 2;
    values[place] = Math.sqrt(squares);
  }
  return { values };
}

function normOf(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
