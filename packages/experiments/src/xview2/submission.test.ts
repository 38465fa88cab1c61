import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configHash } from '../config/run-config.ts';
import { madeUpResult } from '../fixtures/made-up-result.ts';
import { smoke } from '../recipes/vts/smoke.ts';
import { expandGrid, runsOf } from '../sweep/grid.ts';
import { submitRun } from './submission.ts';

test('a run on data without a challenge is refused', async () => {
  const { config } = runsOf(expandGrid(smoke()))[0] ?? expect.fail();
  const run = mkdtempSync(join(tmpdir(), 'submission-'));
  writeFileSync(join(run, 'config.json'), JSON.stringify(config));
  const result = madeUpResult(configHash(config));
  writeFileSync(join(run, 'result.json'), JSON.stringify(result));
  await expect(submitRun({ run, out: join(run, 'out'), split: 'test' })).rejects.toThrow(
    `${run}: expected a run on data with a challenge, got one on vts`,
  );
});
