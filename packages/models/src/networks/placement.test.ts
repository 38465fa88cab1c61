import { tf, type Tensor4D } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import type { EncoderConfig } from './encoder-config.ts';
import type { NetworkState } from './network.ts';
import { resizeToPlanes } from './resize.ts';
import { resnet } from './resnet.ts';

/** Weights under which every layer is the same positive mean of all that it sees. */
function averaging({ params, stats }: NetworkState): NetworkState {
  const alike = Object.entries(params).map(([name, tensor]) => {
    if (tensor.rank !== 4) return [name, tensor] as const;
    const inputs = tensor.size / (tensor.shape[3] ?? 1);
    return [name, tf.fill(tensor.shape, 1 / inputs)] as const;
  });
  return { params: Object.fromEntries(alike), stats };
}

/** An image that grows to the right or left, and down or up: a max-pool then leans there. */
const ramp = (size: number, across: number, down: number) =>
  tf.tensor4d(
    Float32Array.from({ length: size * size * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return 10 + (across * (pixel % size) + down * Math.floor(pixel / size)) / size;
    }),
    [1, size, size, 3],
  );

/** Where a feature looks: the mean place of the pixels by its gradient, row and column. */
function centroid(config: EncoderConfig, size: number, feature: number): [number, number] {
  const encoder = resnet(config);
  const { params, stats } = averaging(encoder.init(Random.from(0)));
  const signs = [-1, 1].flatMap((across) => [-1, 1].map((down) => [across, down] as const));
  const gradients = signs.map(([across, down]) =>
    tf.grad((x) => {
      const { y } = encoder.apply(params, stats, x as Tensor4D, false);
      return y.slice([0, feature, feature, 0], [1, 1, 1, 1]).sum();
    })(ramp(size, across, down)),
  );
  const pixels = tf.addN(gradients).sum([0, 3]);
  const axis = (other: 0 | 1) => {
    const along = [...pixels.sum(other).dataSync()];
    const all = along.reduce((sum, value) => sum + value, 0);
    return along.reduce((sum, value, i) => sum + (i * value) / all, 0);
  };
  return [axis(1), axis(0)];
}

test.each<[EncoderConfig, number, number]>([
  [{ depth: 10, width: 2, stem: 'half', strides: [2, 2, 1] }, 128, 7],
  [{ depth: 10, width: 2, stem: 'imagenet', strides: [1, 2, 2, 2] }, 256, 4],
  [{ depth: 18, width: 2, stem: 'small', strides: [1, 2] }, 64, 16],
  [{ depth: 34, width: 2, stem: 'small', strides: [2] }, 64, 16],
  [{ depth: 50, width: 2, stem: 'half', strides: [1, 2] }, 96, 12],
])('%j: features look where their placement says', (config, size, feature) => {
  const { stride, offset } = resnet(config).placement;
  const block = stride * (feature + 0.5) - 0.5; // its centre, in pixels
  tf.tidy(() => {
    for (const place of centroid(config, size, feature))
      expect(place).toBeCloseTo(block - offset, 2);
  });
});

test("stages' placements are their own", () => {
  const { stages, placement } = resnet({ depth: 10, width: 2, stem: 'half', strides: [1, 2, 2] });
  expect(stages.map(({ stride, offset }) => [stride, offset])).toEqual([
    [2, 0.5],
    [4, 1.5],
    [8, 3.5],
  ]);
  expect(placement).toEqual({ stride: 8, offset: 3.5 });
});

/** Bilinear between the features, which lie at pixel i * stride - offset + (stride - 1) / 2. */
function slowPlane(map: readonly number[][], size: number, stride: number, offset: number) {
  const edge = map.length;
  const places = map.map((_, i) => i * stride + (stride - 1) / 2 - offset);
  const weight = (pixel: number, i: number) => {
    const place = places[i] as number;
    if (pixel <= place && i === 0) return 1;
    if (pixel >= place && i === edge - 1) return 1;
    return Math.max(0, 1 - Math.abs(pixel - place) / stride);
  };
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => {
      let sum = 0;
      for (let i = 0; i < edge; i++)
        for (let j = 0; j < edge; j++)
          sum += weight(y, i) * weight(x, j) * ((map[i] as number[])[j] as number);
      return sum;
    }),
  );
}

test.each([
  [2, 8, 4, 1.5],
  [3, 16, 6, 2.5],
  [2, 8, 4, 0],
  [8, 64, 8, 3.5],
])('%i x %i features on %i pixels, a slow loop between them', (edge, size, stride, offset) => {
  const random = Random.from(edge);
  const map = Array.from({ length: edge }, () =>
    Array.from({ length: edge }, () => random.normal()),
  );
  tf.tidy(() => {
    const x = tf.tensor4d(map.flat(), [1, edge, edge, 1]);
    const plane = resizeToPlanes(x, size, { stride, offset }).arraySync()[0]?.[0] as number[][];
    slowPlane(map, size, stride, offset).forEach((row, y) => {
      row.forEach((value, i) => {
        expect(plane[y]?.[i]).toBeCloseTo(value, 5);
      });
    });
    // centred features look at every stride-th pixel, which is theirs alone
    if (offset === (stride - 1) / 2) expect(plane[stride]?.[stride]).toBeCloseTo(map[1]?.[1] ?? 0);
  });
});
