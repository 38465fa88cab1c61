import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finish, planned } from '../../fixtures/made-up-runs.ts';
import { filesOfRun } from './run-files.ts';
import { runNotes } from './run-notes.ts';

const run = planned.find(({ config }) => config.kind === 'pretrained') ?? expect.fail();
const { config, result } = finish(run, 0.5);
const line = (step: number) => `${JSON.stringify({ step, loss: 1 })}\n`;

test('lost lines of metrics, a lost or changed encoder of a finished run are said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  const [metrics, encoder] = ['metrics.jsonl', 'encoder.safetensors'].map((n) => join(folder, n));
  if (metrics === undefined || encoder === undefined) expect.fail();
  writeFileSync(metrics, line(1) + line(2));
  writeFileSync(encoder, 'weights');
  const files = await filesOfRun(folder);
  const notes = () => runNotes(folder, { config, result: { ...result, files } });
  expect(await notes()).toEqual([]);

  writeFileSync(metrics, line(1));
  writeFileSync(encoder, 'weighty');
  expect(await notes()).toEqual([
    `${metrics}: expected the 40 bytes that its run left, got 20: changed since`,
    `${encoder}: expected the 7 bytes that its run left, got as many others: changed since`,
  ]);
  rmSync(encoder);
  writeFileSync(metrics, `${line(1)}{"step"\n`);
  expect(await notes()).toEqual([
    `${metrics} line 2: expected a line of metrics, got "{\\"step\\"": left out`,
    `${metrics}: expected the 40 bytes that its run left, got 28: changed since`,
    `${encoder}: expected the 7 bytes that its run left, got no such file: lost since`,
  ]);

  // A result of before tells of no files.
  rmSync(metrics);
  const old = await runNotes(folder, { config, result });
  expect(old).toEqual([
    `${metrics}: expected lines up to step 1, got none`,
    expect.stringContaining(`${folder}: expected a finished run with encoder.safetensors`),
  ]);
});
