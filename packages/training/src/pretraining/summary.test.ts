import { denseCl, moco, resnet, vader } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { randomRowsLeft } from './summary.ts';

const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [2] });
const config = {
  dimensions: 8,
  hidden: 8,
  queueSize: 64,
  momentum: 0.9,
  temperature: 0.2,
  instanceWeight: 0,
  points: 4,
};

it('a loss against random rows of the start tells nothing', () => {
  for (const method of [moco(encoder, config), denseCl(encoder, config)]) {
    expect(randomRowsLeft(method, 8, 8)).toBeUndefined();
    expect(randomRowsLeft(method, 7, 8)).toBe(
      'steps x batch: expected 64 keys or more to fill the queue, got 56: random rows of its ' +
        'start are left',
    );
  }
  expect(randomRowsLeft({ chanceLoss: undefined }, 1, 1)).toBeUndefined();
});

it("VADeR's queue of pixels gets as many keys an image as it has points", () => {
  const pixels = vader(encoder, config);
  expect(randomRowsLeft(pixels, 2, 8)).toBeUndefined();
  expect(randomRowsLeft(pixels, 1, 8)).toBe(
    'steps x batch x 4: expected 64 keys or more to fill the pixelQueue, got 32: random rows of ' +
      'its start are left',
  );
  // beside it images, whose queue fills four times as slowly
  const both = vader(encoder, { ...config, instanceWeight: 0.5 });
  expect(randomRowsLeft(both, 2, 8)).toContain('to fill the queue, got 16');
  expect(randomRowsLeft(both, 8, 8)).toBeUndefined();
});
