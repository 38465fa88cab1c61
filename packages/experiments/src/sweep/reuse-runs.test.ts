import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash } from '../config/run-config.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import { madeUpResult } from '../fixtures/made-up-result.ts';
import { recipe } from '../recipes/registry.ts';
import { filesOfRun } from '../run/result/run-files.ts';
import { sealed } from '../run/result/run-result.ts';
import { finishedRuns, planSweep } from './plan.ts';
import { prepareSweep } from './prepare.ts';

const folder = () => join(mkdtempSync(join(tmpdir(), 'reuse-')), 'out');
const smoke = recipe('smoke');

/** A sweep whose runs have all finished, each with a log of its own name and a picture. */
async function finishedSweep(sweep: SweepConfig) {
  const plan = planSweep(sweep, folder());
  await (await prepareSweep(plan)).release();
  for (const { folder: run, name, config } of plan.runs) {
    writeFileSync(join(run, 'metrics.jsonl'), `{"run":"${name}"}\n`);
    writeFileSync(join(run, 'encoder.safetensors'), name);
    mkdirSync(join(run, 'predictions'));
    writeFileSync(join(run, 'predictions', '0.png'), name);
    writeFileSync(join(run, 'owner'), 'somebody');
    const result = sealed({
      ...madeUpResult(configHash(config)),
      seconds: 7,
      files: await filesOfRun(run),
    });
    writeFileSync(join(run, 'result.json'), JSON.stringify(result));
  }
  return plan;
}

/** @returns names of the runs that are open still, and what was said */
async function openAfter(sweep: SweepConfig, out: string, reuse: readonly string[]) {
  const said: string[] = [];
  const prepared = await prepareSweep(planSweep(sweep, out), (line) => said.push(line), reuse);
  await prepared.release();
  return { open: prepared.open.map(({ name }) => name), said };
}

test("another recipe's finished runs are taken over with all their files", async () => {
  const other = await finishedSweep(smoke);
  const own = { ...smoke, recipe: 'own', seeds: smoke.seeds + 1 };
  const out = folder();
  const { open, said } = await openAfter(own, out, [other.out]);
  const plan = planSweep(own, out);
  const expected = other.runs.map(({ name }) => name);
  expect(open).toEqual(plan.runs.map(({ name }) => name).filter((n) => !expected.includes(n)));
  expect(open).not.toEqual([]);
  expect(said).toEqual([`${expected.length} runs taken over from ${other.out}`]);
  expect(finishedRuns(plan).map(({ name }) => name)).toEqual(
    plan.runs.map(({ name }) => name).filter((name) => expected.includes(name)),
  );
  for (const run of finishedRuns(plan)) {
    expect(run.result).toMatchObject({ seconds: 7, configHash: configHash(run.config) });
    const path = join(out, 'runs', run.name);
    expect(readFileSync(join(path, 'metrics.jsonl'), 'utf8')).toBe(`{"run":"${run.name}"}\n`);
    expect(readFileSync(join(path, 'predictions', '0.png'), 'utf8')).toBe(run.name);
    expect(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))).toEqual(run.config);
    expect(existsSync(join(path, 'owner'))).toBe(false);
  }
});

test('what differs by more than the name, is edited or has lost a file is not taken', async () => {
  const other = await finishedSweep(smoke);
  const [edited, changed] = other.runs;
  if (!edited || !changed) expect.fail();
  const result = join(edited.folder, 'result.json');
  writeFileSync(result, readFileSync(result, 'utf8').replace('"seconds":7', '"seconds":8'));
  writeFileSync(join(changed.folder, 'metrics.jsonl'), '');
  const { open, said } = await openAfter(smoke, folder(), [other.out]);
  expect(open).toEqual([edited.name, changed.name]);
  expect(said.slice(0, 2).sort()).toEqual(
    [
      expect.stringContaining(`${result}: expected the result of SHA-256`),
      expect.stringContaining(`${join(changed.folder, 'metrics.jsonl')}: expected the`),
    ].sort(),
  );
  const panels = smoke.panels.map((panel) => ({
    ...panel,
    base: { ...panel.base, pretrain: { ...panel.base.pretrain, weightDecay: 0.5 } },
  }));
  const longer = await openAfter({ ...smoke, panels }, folder(), [other.out]);
  expect(longer.open).toHaveLength(other.runs.length);
});

test('a folder that is no sweep is named', async () => {
  const none = mkdtempSync(join(tmpdir(), 'reuse-'));
  await expect(openAfter(smoke, folder(), [none])).rejects.toThrow(
    `${none}: expected the folder of a sweep with its sweep.json, got none`,
  );
});
