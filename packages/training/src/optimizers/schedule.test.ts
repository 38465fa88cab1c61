import { expect, it } from 'vitest';
import { learningRateAt } from './schedule.ts';

it('follows the cosine of the MoCo CIFAR-10 log', () => {
  const rate = (step: number) =>
    learningRateAt(step, { learningRate: 0.06, warmupSteps: 0, finalLearningRate: 0, steps: 200 });
  for (const [step, expected] of [
    [0, 0.06],
    [1, 0.059996299],
    [2, 0.059985197],
    [50, 0.051213203],
    [100, 0.03],
    [150, 0.008786797],
    [199, 3.701e-6],
    [200, 0],
  ] as const) {
    expect(rate(step)).toBeCloseTo(expected, 8);
  }
});

it('follows the same cosine where an epoch is many steps, by step in between', () => {
  const perEpoch = 97; // CIFAR-10 in batches of 512
  const rate = (step: number) =>
    learningRateAt(step, {
      learningRate: 0.06,
      warmupSteps: 0,
      finalLearningRate: 0,
      steps: 200 * perEpoch,
    });
  for (const [epoch, expected] of [
    [0, 0.06],
    [1, 0.059996299],
    [2, 0.059985197],
    [50, 0.051213203],
    [100, 0.03],
    [150, 0.008786797],
    [199, 3.701e-6],
    [200, 0],
  ] as const) {
    expect(rate(epoch * perEpoch)).toBeCloseTo(expected, 8);
  }
  for (let step = 0; step < 200 * perEpoch; step += 53)
    expect(rate(step + 1)).toBeLessThan(rate(step));
});

it('holds still first, then does what it would have done, in the steps that are left', () => {
  const schedule = { learningRate: 1, warmupSteps: 2, finalLearningRate: 0.1 };
  const held = Array.from({ length: 13 }, (_, step) =>
    learningRateAt(step, { ...schedule, holdSteps: 3, steps: 12 }),
  );
  const plain = Array.from({ length: 10 }, (_, step) =>
    learningRateAt(step, { ...schedule, steps: 9 }),
  );
  expect(held).toEqual([0, 0, 0, ...plain]);
});

it('warms up by a line that ends at the full rate, and ends at the final one', () => {
  const rates = Array.from({ length: 11 }, (_, step) =>
    learningRateAt(step, { learningRate: 1, warmupSteps: 4, finalLearningRate: 0.2, steps: 10 }),
  );
  expect(rates.slice(0, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
  expect(rates[7]).toBeCloseTo(0.6, 12);
  expect(rates[10]).toBeCloseTo(0.2, 12);
});
