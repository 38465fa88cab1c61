import { disposeAll, tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { resnet } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { featureMaps, type ImageSequence } from './feature-maps.ts';

const encoder = resnet({ depth: 10, width: 4, stem: 'half', strides: [1, 2] });
const normalise = { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.3] } as const;
const images: ImageSequence = {
  size: 14, // no multiple of the output stride of 4
  length: 5,
  read(index, image) {
    const random = Random.from(index);
    for (let i = 0; i < image.length; i++) image[i] = random.int(256);
  },
};

it(
  'gives what the encoder makes of each image alone, in order, ' + 'the last batch being short',
  async () => {
    const weights = encoder.init(Random.from(1));
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    for await (const { start, count, height, width, channels, data } of featureMaps({
      encoder,
      weights,
      images,
      normalise,
      batchSize: 2,
    })) {
      expect([height, width, channels, data.length]).toEqual([
        4,
        4,
        encoder.channels,
        count * 16 * encoder.channels,
      ]);
      for (let i = 0; i < count; i++) {
        seen.push(start + i);
        const pixels = new Uint8Array(14 * 14 * 3);
        await images.read(start + i, pixels);
        const expected = tf.tidy(() => {
          const x = Float32Array.from(
            pixels,
            (value, at) =>
              (value / 255 - (normalise.mean[at % 3] as number)) /
              (normalise.std[at % 3] as number),
          );
          return encoder
            .apply(weights.params, weights.stats, tf.tensor4d(x, [1, 14, 14, 3]), false)
            .y.dataSync();
        });
        const got = data.subarray(i * expected.length, (i + 1) * expected.length);
        expect(expected.some((value) => value > 0)).toBe(true);
        expected.forEach((value, at) => {
          expect(got[at]).toBeCloseTo(value, 4);
        });
      }
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(tf.memory().numTensors).toBe(before);
    disposeAll(weights.params);
    disposeAll(weights.stats);
  },
);

it('closes its program when the loop is left, and refuses weights of another encoder', async () => {
  const weights = encoder.init(Random.from(1)),
    other = resnet({ depth: 10, width: 8, stem: 'half', strides: [1, 2] });
  const before = tf.memory().numTensors;
  for await (const { start } of featureMaps({
    encoder,
    weights,
    images,
    normalise,
    batchSize: 2,
    eager: true,
  }))
    if (start === 0) break;
  expect(tf.memory().numTensors).toBe(before);
  await expect(featureMaps({ encoder: other, weights, images, normalise }).next()).rejects.toThrow(
    /conv1.*: expected shape \[.*\], got \[/,
  );
  expect(tf.memory().numTensors).toBe(before);
  disposeAll(weights.params);
  disposeAll(weights.stats);
});
