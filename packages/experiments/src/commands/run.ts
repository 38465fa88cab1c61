// One run as a process of its own, started by the sweep, which listens to its messages.
import { callerPath, openCommand, runCommand } from '@noisy-pairs/command-line';
import { parseConfig } from '../config/parse-config.ts';
import { runConfig } from '../config/run-config.ts';
import { readJsonFile } from '../run/config-file.ts';
import { fixTensorFlowThreads } from '@noisy-pairs/engine/threads';
import { removeUnfinishedFiles } from '@noisy-pairs/imaging';
import { handedOver } from '../run/handed-over/handed-over.ts';
import { exitCodes } from '../run/handed-over/leaving.ts';
import { readResult } from '../run/result/run-result.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { ownFolder } from '../folder/owner.ts';

const command = openCommand(
  'experiments:run',
  'Does one run of a sweep, or goes on with it from its last checkpoint.',
)
  .requiredOption('--config <file>', 'its config.json', callerPath)
  .requiredOption('--out <folder>', 'its folder', callerPath)
  .option('--eager', 'steps op by op instead of compiled')
  .option(
    '--take-over',
    'by an engine that may give the run out again: puts a process aside that seems to be at work ' +
      'in the folder, and tells of itself by progress.json in it',
  );

// The sweep is gone: nobody waits for this run, and its checkpoint is kept.
process.on('disconnect', () => process.exit(1));
const log = (line: string) => {
  console.log(line);
};
await runCommand(command, async ({ config: file, out, eager = false, takeOver = false }) => {
  const config = parseConfig(runConfig, readJsonFile(file), file);
  fixTensorFlowThreads(config.threads);
  const stop = (line: string) => {
    console.error(line);
    process.exit(takeOver ? exitCodes.superseded : 1);
  };
  // Node would open its inspector; with nothing begun there is no checkpoint to wait for
  const early = () => process.exit(exitCodes.SIGUSR1);
  if (takeOver) process.on('SIGUSR1', early);
  const { executeRun } = await import('../run/run.ts');
  try {
    makeFolder(out);
    if (takeOver && readResult(out, config)) return; // another copy has done it
    const owner = await ownFolder(out, { takesOver: takeOver, onNote: log, onLost: stop });
    process.on('exit', owner.release);
    removeUnfinishedFiles(out, true);
    process.off('SIGUSR1', early);
    await executeRun(config, out, {
      eager,
      onProgress: (progress) => process.send?.(progress),
      ...(takeOver ? handedOver(out, () => owner.lost() === undefined) : {}),
      onMessage: log,
      beforeWrite: () => {
        const lost = owner.lost();
        if (lost !== undefined) stop(lost);
      },
    }).finally(() => {
      owner.release();
    });
  } catch (error) {
    console.error(error); // where from, for the run's log
    throw error;
  }
});
process.removeAllListeners('disconnect');
if (process.connected) process.disconnect();
