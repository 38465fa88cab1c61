import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash, runConfig, type RunConfig } from '../config/run-config.ts';
import { madeUpResult } from '../fixtures/made-up-result.ts';
import { recipe } from '../recipes/registry.ts';
import { sealed } from '../run/result/run-result.ts';
import { finishedRuns, planSweep } from './plan.ts';
import { prepareSweep } from './prepare.ts';

const folder = () => join(mkdtempSync(join(tmpdir(), 'prepare-')), 'out');

test('a plan writes nothing; prepared, every run has its config.json to be done by', async () => {
  const out = folder();
  const plan = planSweep(recipe('smoke'), out);
  expect(existsSync(out)).toBe(false);
  const { open, ...prepared } = await prepareSweep(plan);
  await prepared.release();
  expect(open).toEqual(plan.runs);
  expect(readdirSync(join(out, 'runs')).sort()).toEqual(plan.runs.map(({ name }) => name).sort());
  for (const run of plan.runs) {
    const text = readFileSync(join(out, 'runs', run.name, 'config.json'), 'utf8');
    expect(text).toBe(`${JSON.stringify(run.config, null, 2)}\n`);
    expect(runConfig.parse(JSON.parse(text))).toEqual(run.config);
  }
});

test('truth is the result of the very configuration; files of finished runs stay', async () => {
  const out = folder();
  const plan = planSweep(recipe('smoke'), out);
  await (await prepareSweep(plan)).release();
  const [done, changed] = plan.runs;
  if (!done || !changed) expect.fail();
  const written = `${JSON.stringify(done.config)}\n`; // in another form
  writeFileSync(join(done.folder, 'config.json'), written);
  const result = (hash: string) => JSON.stringify(madeUpResult(hash));
  writeFileSync(join(done.folder, 'result.json'), result(configHash(done.config)));
  writeFileSync(join(changed.folder, 'result.json'), result(configHash(done.config)));
  rmSync(join(changed.folder, 'config.json'));

  const { open, ...prepared } = await prepareSweep(plan);
  await prepared.release();
  expect(finishedRuns(plan).map(({ name }) => name)).toEqual([done.name]);
  expect(open).toEqual(plan.runs.slice(1));
  expect(readFileSync(join(done.folder, 'config.json'), 'utf8')).toBe(written);
  expect(existsSync(join(changed.folder, 'config.json'))).toBe(true);
});

test(
  "a folder is one sweep's and one process's; more seeds may be added",
  { timeout: 30_000 },
  async () => {
    const out = folder();
    const sweep = recipe('smoke');
    const first = await prepareSweep(planSweep(sweep, out));
    await expect(prepareSweep(planSweep(sweep, out))).rejects.toThrow(
      `${out}: expected no other process at work in it, got process ${process.pid}`,
    );
    await first.release();
    const more = await prepareSweep(planSweep({ ...sweep, seeds: 3 }, out));
    await more.release();
    expect(more.open.length).toBe(12);
    await expect(prepareSweep(planSweep(recipe('filter-smoke'), out))).rejects.toThrow(
      `${out}: expected a sweep of the same recipe and data, got another; choose another ` +
        '--out folder',
    );
  },
);

test('a damaged or edited result is named, its run open; so is a damaged sweep.json', async () => {
  const out = folder();
  const plan = planSweep(recipe('smoke'), out);
  await (await prepareSweep(plan)).release();
  const whole = JSON.stringify(sealed(madeUpResult(configHash(plan.runs[0]?.config as RunConfig))));
  const damages: [string, string][] = [
    ['', 'expected JSON, got something else ('],
    [whole.slice(0, -9), 'expected JSON, got something else ('],
    ['\0'.repeat(20), 'expected JSON, got something else ('],
    ['null', ': Invalid input: expected object, received null'],
    [whole.replace('"seconds":1', '"seconds":"1"'), ' seconds: Invalid input: expected number'],
    [whole.replace('"seconds":1', '"seconds":2'), 'expected the result of SHA-256 '],
  ];
  const file = join(plan.runs[0]?.folder ?? '', 'result.json');
  for (const [text, message] of damages) {
    writeFileSync(file, text);
    const { open, damaged, ...prepared } = await prepareSweep(plan);
    await prepared.release();
    expect(open).toEqual(plan.runs);
    expect(damaged).toHaveLength(1);
    expect(damaged[0]).toContain(file);
    expect(damaged[0]).toContain(message);
  }
  writeFileSync(file, JSON.stringify(JSON.parse(whole), null, 4)); // another form, the same values
  expect(finishedRuns(plan)).toHaveLength(1);

  writeFileSync(join(out, 'sweep.json'), '{"format":');
  await expect(prepareSweep(plan)).rejects.toThrow(
    `${join(out, 'sweep.json')}: expected JSON, got something else (`,
  );
});
