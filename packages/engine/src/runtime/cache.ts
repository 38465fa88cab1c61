import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

/** Where libraries and addons are kept, shared by all checkouts of a user. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'noisy-pairs');
}

/**
 * Works on the cache while no other process does; a holder that died is noticed after a quarter of
 * a minute.
 * @throws if the folder cannot be made or written, its disk is full, or the lock is lost
 */
export async function withCache<T>(
  cache: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(cache, { recursive: true }).catch((error: unknown) => {
    throw notAllowed(`make ${cache}`, error);
  });
  const { unlock, lost } = await lockCache(cache, say);
  try {
    return await Promise.race([work(), lost]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new Error(
        `disk: expected room in ${cache}, got a full disk; make room or set XDG_CACHE_HOME to ` +
          'a folder on another one',
        { cause: error },
      );
    throw error;
  } finally {
    await unlock().catch(() => undefined); // already lost
  }
}

/** Waits for the lock. `lost` is rejected when another process has taken it away. */
async function lockCache(
  cache: string,
  say: (line: string) => void,
): Promise<{ unlock: () => Promise<void>; lost: Promise<never> }> {
  let lose: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  const options = {
    stale: 15_000,
    update: 3_000,
    onCompromised: (error: Error) => {
      lose(new Error(`cache folder: expected to keep its lock, got: ${error.message}; try again`));
    },
  };
  const halfSeconds = { retries: 3600, factor: 1, minTimeout: 500, maxTimeout: 500 };
  const unlock = await lock(cache, options).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED')
      throw notAllowed(`write ${cache}`, error);
    say('waiting for another installation to end');
    return lock(cache, { ...options, retries: halfSeconds });
  });
  return { unlock, lost };
}

function notAllowed(what: string, error: unknown): Error {
  return new Error(
    `cache folder: expected to be allowed to ${what}, got: ${(error as Error).message}; set ` +
      'XDG_CACHE_HOME to another folder',
  );
}
