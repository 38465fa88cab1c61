import type { HostTensor } from '@noisy-pairs/engine';
import { expect, it } from 'vitest';
import { createMeter, NonFiniteLossError, tailMean } from './meter.ts';

const scalar = (value: number): HostTensor => ({
  shape: [],
  dtype: 'float32',
  data: Float32Array.of(value),
});
const options = { steps: 100, tailed: ['loss'] };

it('gives the means of what was collected, once', () => {
  const meter = createMeter(options);
  for (const step of [1, 2]) meter.add(step, { loss: scalar(step), accuracy: scalar(step / 4) });
  expect(meter.means()).toEqual({ loss: 1.5, accuracy: 0.375 });
  expect(meter.means()).toEqual({});
  meter.add(3, { loss: scalar(4), accuracy: scalar(1) });
  expect(meter.means()).toEqual({ loss: 4, accuracy: 1 });
});

it('keeps the sums of the last 5 % of the steps, also of a training that was interrupted', () => {
  const meter = createMeter({ steps: 41, tailed: ['loss', 'accuracy'] }); // the last 3
  expect(meter.tail).toEqual({ count: 0, sums: {} });
  const at = (step: number) => ({ loss: scalar(step), accuracy: scalar(0.5), more: scalar(7) });
  for (const step of [37, 38, 39, 40]) meter.add(step, at(step));
  expect(meter.tail).toEqual({ count: 2, sums: { loss: 79, accuracy: 1 } });

  const { tail } = meter;
  const again = createMeter({ steps: 41, tailed: ['loss', 'accuracy'], tail });
  again.add(41, at(41));
  expect(again.tail).toEqual({ count: 3, sums: { loss: 120, accuracy: 1.5 } });
  expect(tailMean(again.tail, 'loss')).toBe(40);
  expect(tail.count).toBe(2);
});

it.each([NaN, Infinity, -Infinity])('stops at a loss of %d, naming its step', (loss) => {
  const meter = createMeter(options);
  for (const step of [11, 12]) meter.add(step, { loss: scalar(1) });
  const error = (() => {
    try {
      meter.add(13, { loss: scalar(loss) });
    } catch (e) {
      return e;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(NonFiniteLossError);
  expect(error).toMatchObject({
    step: 13,
    code: 'NON_FINITE_LOSS',
    message: `loss: expected a finite number, got ${loss} at step 13`,
  });
});
