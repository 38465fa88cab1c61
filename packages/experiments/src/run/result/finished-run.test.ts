import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash } from '../../config/run-config.ts';
import { madeUpResult } from '../../fixtures/made-up-result.ts';
import { readFinishedRun } from './finished-run.ts';
import { sealed } from './run-result.ts';
import { expandGrid, runsOf } from '../../sweep/grid.ts';
import { smoke } from '../../recipes/vts/smoke.ts';

const { config } = runsOf(expandGrid(smoke()))[0] ?? expect.fail();
function folder(files: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'run-'));
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(dir, name), typeof value === 'string' ? value : JSON.stringify(value));
  return dir;
}

test('a finished run is its configuration and the result of that very one', () => {
  const result = madeUpResult(configHash(config));
  expect(readFinishedRun(folder({ 'config.json': config, 'result.json': result }))).toEqual({
    config,
    result,
  });
});

test('a result that tells of its files is sealed: one without its hash is no result', () => {
  const { resultHash, ...result } = sealed({
    ...madeUpResult(configHash(config)),
    files: { 'metrics.jsonl': { bytes: 1, sha256: 'a' } },
  });
  const whole = { 'config.json': config, 'result.json': { ...result, resultHash } };
  expect(readFinishedRun(folder(whole)).result.resultHash).toBe(resultHash);
  const { files, ...rest } = result;
  const damaged = [
    { ...result, 'result\bHash': resultHash },
    // both names that tell that there was a hash
    { ...rest, 'fi,es': files, resulthash: resultHash },
  ];
  for (const one of damaged)
    expect(() => readFinishedRun(folder({ 'config.json': config, 'result.json': one }))).toThrow(
      /^\S+result\.json: expected the result of SHA-256 .*: edited since$/,
    );
});

test('what is not a finished run is named', () => {
  const cases: [Readonly<Record<string, unknown>>, RegExp][] = [
    [{}, /^\S+: expected the folder of a run with its config\.json, got none$/],
    [
      { 'sweep.json': {} },
      /^\S+: expected .* with its config\.json, got a sweep's: its runs lie in \S+\/runs$/,
    ],
    [{ 'config.json': '{' }, /^\S+config\.json: expected JSON, got something else \(.*\)$/],
    [{ 'config.json': { ...config, seed: -1 } }, /^\S+config\.json seed: .*, got -1$/],
    [{ 'config.json': config }, /^\S+: expected a finished run, got one without result\.json$/],
    [
      { 'config.json': config, 'result.json': '{' },
      /^\S+result\.json: expected JSON, got something else \(.*\)$/,
    ],
    [
      { 'config.json': config, 'result.json': madeUpResult(configHash({ ...config, seed: 1 })) },
      /^\S+: expected a finished run, got one without the result of its config\.json$/,
    ],
  ];
  for (const [files, message] of cases)
    expect(() => readFinishedRun(folder(files))).toThrow(message);
  expect(() => readFinishedRun('/no/such')).toThrow(
    '/no/such: expected the folder of a run with its config.json, got no such folder',
  );
});
