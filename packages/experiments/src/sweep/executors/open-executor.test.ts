import { expect, test } from 'vitest';
import { recipe } from '../../recipes/registry.ts';
import { openExecutor, type ExecutorFlags } from './open-executor.ts';

const open = (flags: Partial<ExecutorFlags>) =>
  openExecutor(
    { on: 'local', eager: false, ...flags },
    recipe('smoke'),
    '/nowhere',
    () => undefined,
  );

test('runs are processes of this machine, unless it is said', async () => {
  const { executor, engine } = await open({ processes: 3 });
  expect([executor.title, engine]).toEqual(['3 at a time', undefined]);
});

test('flags of engines that do not go together are refused', async () => {
  await expect(open({ on: 'moon' })).rejects.toThrow(
    '--on: expected local, slurm or redis://HOST:PORT, got moon',
  );
  await expect(open({ slurm: '--time=1' })).rejects.toThrow(
    '--slurm: expected --on slurm with it, got --on local',
  );
  await expect(open({ cancel: true })).rejects.toThrow(
    '--cancel: expected --on with an engine, got --on local, whose runs end with the sweep',
  );
  await expect(open({ on: 'slurm', detach: true, cancel: true })).rejects.toThrow(
    '--detach: expected it or --cancel, got both',
  );
});
