import { leaveAtCheckpoint } from './leaving.ts';
import { writeProgress } from './progress-file.ts';
import type { RunHow } from '../run-progress.ts';

/** Milliseconds between two writes of progress.json. */
const every = 1000;

/**
 * How a run tells of itself that an engine started, where no sweep listens: by progress.json in
 * its folder. It leaves at a checkpoint when it is told to.
 * @param isOwn whether the folder is still this process's
 */
export function handedOver(
  folder: string,
  isOwn: () => boolean,
): Pick<RunHow, 'onProgress' | 'onCheckpoint'> {
  const leaving = leaveAtCheckpoint((code) => process.exit(code));
  let written = -Infinity;
  return {
    onProgress(progress) {
      if (performance.now() - written >= every && isOwn()) {
        written = performance.now();
        writeProgress(folder, progress);
      }
      leaving.onProgress(progress);
    },
    onCheckpoint: () => {
      leaving.onCheckpoint();
    },
  };
}
