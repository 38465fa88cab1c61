import { tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { viewFrames } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { cropViews } from './crop.ts';

it(
  "frames say where a view's pixels come from: of an image whose pixels are their own " +
    'coordinates, views show just these',
  () => {
    const random = Random.from('frames');
    const edge = 64,
      size = 8,
      count = 32;
    // Red is x, green is y, both 0..1 at pixel centres.
    const image = Float32Array.from({ length: count * edge * edge * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3) % (edge * edge);
      return [((pixel % edge) + 0.5) / edge, (Math.floor(pixel / edge) + 0.5) / edge, 0][
        i % 3
      ] as number;
    });
    const boxes = new Float32Array(4 * count),
      turns = new Float32Array(count),
      flips = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const y = random.range(0.05, 0.4),
        x = random.range(0.05, 0.4);
      boxes.set([y, x, y + random.range(0.2, 0.5), x + random.range(0.2, 0.5)], 4 * i);
      turns[i] = i % 4; // with the flips, every combination twice
      flips.set([(i >> 2) % 2, (i >> 3) % 2], 2 * i);
    }
    const views = tf.tidy(() =>
      cropViews(
        tf.tensor4d(image, [count, edge, edge, 3]),
        tf.tensor2d(boxes, [count, 4]),
        tf.tensor1d(turns),
        tf.tensor2d(flips, [count, 2]),
        size,
        true,
      ).dataSync(),
    );
    const frames = viewFrames({ boxes, turns, flips });
    for (let i = 0; i < count; i++) {
      const [a, b, c, d, e, f] = frames.subarray(6 * i, 6 * i + 6) as unknown as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const at = ((i * size + row) * size + column) * 3,
            u = (column + 0.5) / size,
            v = (row + 0.5) / size;
          expect(views[at]).toBeCloseTo(a * u + b * v + c, 4);
          expect(views[at + 1]).toBeCloseTo(d * u + e * v + f, 4);
        }
      }
    }
  },
);
