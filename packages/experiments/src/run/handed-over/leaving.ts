import type { RunProgress } from '../run-progress.ts';

/** Exit codes of a run that has stopped without having failed. */
export const exitCodes = {
  /** Its time is up: it asks for being queued again. 75 is "try again later" of sysexits.h. */
  SIGUSR1: 75,
  SIGTERM: 143,
  /** Another copy of it has taken its folder over. */
  superseded: 76,
} as const;

/** Milliseconds that an engine leaves between TERM and KILL, with some to spare. */
const patience = 20_000;

/** Hears of a run that may be told to stop. */
export interface Leaving {
  onProgress(progress: RunProgress): void;
  onCheckpoint(): void;
}

/**
 * Has signals end this process after the next checkpoint: USR1 whenever that comes, TERM after 20 s
 * at the latest. Where nothing is pretrained, there are no checkpoints to wait for.
 * @param exit ends the process
 */
export function leaveAtCheckpoint(exit: (code: number) => void): Leaving {
  let code: number | undefined;
  let hasCheckpoints = true;
  for (const signal of ['SIGUSR1', 'SIGTERM'] as const) {
    process.on(signal, () => {
      code = exitCodes[signal];
      console.log(`${signal}: stops ${hasCheckpoints ? 'at the next checkpoint' : 'at once'}`);
      if (!hasCheckpoints) exit(code);
      else if (signal === 'SIGTERM') setTimeout(exit, patience, code).unref();
    });
  }
  return {
    onProgress({ stage }) {
      hasCheckpoints = stage === 'pretraining';
      if (code !== undefined && !hasCheckpoints) exit(code);
    },
    onCheckpoint() {
      if (code !== undefined) exit(code);
    },
  };
}
