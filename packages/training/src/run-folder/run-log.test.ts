import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
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

it('leaves out lines that are none, and says so; lines that are lost are said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-log-'));
  const path = join(folder, 'metrics.jsonl');
  const bad = ['{"step":10,"lo', '[1]', 'null', '{"step":"10"}', '{"loss":1}', '', '\0\0'];
  const lines = [JSON.stringify(line(10)), ...bad, JSON.stringify({ ...line(20), loss: null })];
  await writeFile(path, `${lines.join('\n')}\n`);
  const notes: string[] = [];
  const read = await readMetrics(path, (note) => notes.push(note));
  expect(read.map(({ step }) => step)).toEqual([10, 20]);
  expect(notes).toEqual(
    bad.map(
      (text, i) =>
        `${path} line ${i + 2}: expected a line of metrics, got ${JSON.stringify(text)}: left out`,
    ),
  );
  notes.length = 0;
  await openRunLog(folder, 30, (note) => notes.push(note));
  expect(notes.at(-1)).toBe(`${path}: expected lines up to step 30, got 20: the others are lost`);
  expect(notes).toHaveLength(bad.length + 1);
});
