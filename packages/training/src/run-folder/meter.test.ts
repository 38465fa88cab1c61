import type { HostTensor } from '@noisy-pairs/engine';
import { expect, it } from 'vitest';
import { createMeter, meanOf, NonFiniteLossError } from './meter.ts';

const scalar = (value: number): HostTensor => ({
  shape: [],
  dtype: 'float32',
  data: Float32Array.of(value),
});

it('reads what was collected, once', () => {
  const meter = createMeter();
  for (const step of [1, 2]) meter.add(step, { loss: scalar(step), accuracy: scalar(step / 4) });
  const read = meter.read();
  expect(read).toEqual([
    { step: 1, values: { loss: 1, accuracy: 0.25 } },
    { step: 2, values: { loss: 2, accuracy: 0.5 } },
  ]);
  expect(meanOf(read)).toEqual({ loss: 1.5, accuracy: 0.375 });
  expect(meter.read()).toEqual([]);
});

it.each([NaN, Infinity, -Infinity])('stops at a loss of %d, naming its step', (loss) => {
  const meter = createMeter();
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
