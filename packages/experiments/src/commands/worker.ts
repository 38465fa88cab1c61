#!/usr/bin/env node
import { openCommand, runCommand, wholeNumber } from '@noisy-pairs/command-line';
import { hideSecrets } from '../sweep/executors/redis/redis-url.ts';
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
  hideSecrets(on, command.name());
  const onNote = (line: string) => {
    console.log(line);
  };
  const end = new AbortController();
  const onUseless = (line: string) => {
    end.abort(new Error(`${line}; this worker stops`));
  };
  const worker = await openWorker({ url: on, processes, onNote, onUseless });
  const onSignal = () => {
    end.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  console.log(`waits for ${worker.title}`);
  if (!end.signal.aborted)
    await new Promise((resolve) => {
      end.signal.addEventListener('abort', resolve);
    });
  await worker.stop();
  const { reason } = end.signal as { reason: unknown };
  if (!(reason instanceof DOMException)) throw reason;
});
