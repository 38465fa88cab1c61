#!/usr/bin/env node
import { openCommand, runCommand, wholeNumber } from '@noisy-pairs/command-line';
import { openWorker } from '../sweep/executors/redis/worker.ts';

const command = openCommand(
  'experiments:worker',
  'Does runs of sweeps that were started with --on redis://..., until it is stopped (Ctrl-C): ' +
    'what is under way then stops at a checkpoint and goes on with another worker.',
  ['npx nx run experiments:worker -- --on redis://HOST:6379 --processes 2'],
  ['A password is taken from REDIS_PASSWORD, or from the URL.'],
)
  .requiredOption('--on <url>', 'the Redis that the sweep was given')
  .option('--processes <n>', 'runs at once', wholeNumber(1), 1);

await runCommand(command, async ({ on, processes }) => {
  const onNote = (line: string) => {
    console.log(line);
  };
  const worker = await openWorker({ url: on, processes, onNote });
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await worker.stop();
});
