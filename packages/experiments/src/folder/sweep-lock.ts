import { rmSync, statSync } from 'node:fs';
import { check, lock } from 'proper-lockfile';

/** A sweep's folder, held by this process. */
export interface SweepLock {
  /** Aborts, with a one-line reason, when the lock is lost: others may be at work in the folder. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const stale = 5000;

/**
 * Takes the lock of a sweep's folder, beside it.
 * @param onNote hears of a lock that counts for nothing, since it is from the future
 * @throws one line if another process holds it
 */
export async function lockSweep(
  folder: string,
  onNote: (line: string) => void,
): Promise<SweepLock> {
  removeFutureLock(folder, onNote);
  const lost = new AbortController();
  try {
    const release = await lock(folder, {
      stale,
      update: 2000,
      retries: { retries: 6, factor: 1, minTimeout: 1000 },
      onCompromised: ({ message }) => {
        const reason = `${folder}: expected to hold its lock, got it lost (${message})`;
        lost.abort(new Error(`${reason}; the same command goes on from the checkpoints`));
      },
    });
    const releaseHeld = async () => {
      if (!lost.signal.aborted) await release();
    };
    return { lost: lost.signal, release: releaseHeld };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isHeld = code === 'ELOCKED' && (await check(folder, { stale }));
    throw new Error(
      isHeld
        ? `${folder}: expected no other sweep at work in it, got one (${message})`
        : `${folder}.lock: expected to make it, got ${message}`,
      { cause: error },
    );
  }
}

/** A clock may be a little ahead of that of the disk. Milliseconds. */
const ahead = 10_000;

/** A lock's age tells whether its process lives; one from the future would count for ever. */
function removeFutureLock(folder: string, onNote: (line: string) => void): void {
  const path = `${folder}.lock`;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.mtimeMs <= Date.now() + ahead) return;
  onNote(
    `${path}: expected a lock of now or before, got one of ${found.mtime.toISOString()}, in the ` +
      'future: stale, removed',
  );
  rmSync(path, { recursive: true, force: true });
}
