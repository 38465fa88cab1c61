import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRunLog, readMetrics } from './run-log.ts';

const line = (step: number) => ({
  step,
  epoch: step / 10,
  learningRate: 0.1,
  dataWaitMs: 1,
  stepMs: 2,
  time: 1000 + step,
  loss: 3,
});

it('goes on after a checkpoint as if the steps beyond it had never been', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-log-'));
  const events = () => readFile(join(folder, 'events.out.tfevents.0.noisy-pairs'));
  const whole = await openRunLog(folder, 0);
  for (const step of [10, 20, 30]) await whole.write(line(step));
  const expected = await events();
  const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8');
  expect(
    text
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as unknown),
  ).toEqual([10, 20, 30].map(line));

  await appendFile(join(folder, 'metrics.jsonl'), '{"step":40,"los'); // killed while writing
  const resumed = await openRunLog(folder, 20);
  expect(await readMetrics(join(folder, 'metrics.jsonl'))).toEqual([10, 20].map(line));
  await resumed.write(line(30));
  expect(await readFile(join(folder, 'metrics.jsonl'), 'utf8')).toBe(text);
  expect(await events()).toEqual(expected);
});

it('starts empty when the run does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-log-'));
  await (await openRunLog(folder, 0)).write(line(10));
  await openRunLog(folder, 0);
  expect(await readMetrics(join(folder, 'metrics.jsonl'))).toEqual([]);
  expect(await readMetrics(join(folder, 'none.jsonl'))).toEqual([]);
});
