import { tf } from '@noisy-pairs/engine';
import { expect, it } from 'vitest';
import { createMeter, meanOf, NonFiniteLossError } from './meter.ts';

it('reads what was collected, once, and frees it', async () => {
  const before = tf.memory().numTensors;
  const meter = createMeter();
  for (const step of [1, 2]) meter.add(step, { loss: tf.scalar(step), accuracy: tf.scalar(step / 4) });
  const read = await meter.read();
  expect(read).toEqual([{ step: 1, values: { loss: 1, accuracy: 0.25 } }, { step: 2, values: { loss: 2, accuracy: 0.5 } }]);
  expect(meanOf(read)).toEqual({ loss: 1.5, accuracy: 0.375 });
  expect(await meter.read()).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

it.each([NaN, Infinity, -Infinity])('names the first step whose loss is %d', async (loss) => {
  const before = tf.memory().numTensors;
  const meter = createMeter();
  for (const step of [11, 12, 13, 14]) meter.add(step, { loss: tf.scalar(step >= 13 ? loss : 1) });
  const error: unknown = await meter.read().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NonFiniteLossError);
  expect(error).toMatchObject({ step: 13, code: 'NON_FINITE_LOSS', message: `loss: expected a finite number, got ${loss} at step 13 (checked steps 11 to 14)` });
  expect(tf.memory().numTensors).toBe(before);
});
