// A run whose program cannot be opened: the process must end by itself afterwards.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '@noisy-pairs/engine';
import { expect, it, vi } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { pretrain } from './pretrain.ts';

vi.mock('@noisy-pairs/engine', async (original) => ({
  ...(await original()),
  openProgram: () => Promise.reject(new Error('no memory for the program')),
}));

/** What keeps the process alive: a worker thread holds the other end of a port. */
const ports = () => process.getActiveResourcesInfo().filter((name) => name.includes('Port')).length;

it('leaves no worker threads and no tensors', { timeout: 60_000 }, async () => {
  const out = await mkdtemp(join(tmpdir(), 'failed-start-'));
  const before = [ports(), tf.memory().numTensors];
  await expect(pretrain({ ...smallRun(out), workers: 2 })).rejects.toThrow(
    'no memory for the program',
  );
  expect([ports(), tf.memory().numTensors]).toEqual(before);
});
