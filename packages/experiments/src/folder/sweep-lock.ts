import { ownFolder } from './owner.ts';

/** Milliseconds that a sweep that was stopped has to end. */
const patience = 6000;

/** A sweep's folder, held by this process. */
export interface SweepLock {
  /** Aborts, with a one-line reason, when the lock is lost: others may be at work in the folder. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Makes a sweep's folder this process's.
 * @param onNote hears of an owner that counts for nothing
 * @throws one line if another process holds it
 */
export async function lockSweep(
  folder: string,
  onNote: (line: string) => void,
): Promise<SweepLock> {
  const lost = new AbortController();
  const onLost = (line: string) => {
    lost.abort(new Error(`${line}; the same command goes on from the checkpoints`));
  };
  const owner = await ownFolder(folder, { onNote, onLost, patience });
  const release = () => {
    owner.release();
    return Promise.resolve();
  };
  return { lost: lost.signal, release };
}
