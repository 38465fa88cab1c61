import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { installAddons } from './addons.ts';
import { cachedLibraries, ownLibraries, type Libraries } from './libraries.ts';
import type { Device } from './release.ts';

export interface InstallOptions {
  readonly device: Device;
  /** Called with a line on what takes time. */
  readonly say: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  /** For tests: another system than this one. */
  readonly platform?: string;
  readonly python?: string;
}

/** Where libraries and bindings are kept, shared by all checkouts of a user. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'noisy-pairs');
}

/**
 * Makes the native runtime usable: library in the cache, binding built, both linked into node_modules. Does nothing that is done already; two at once
 * wait for each other; what was interrupted is taken up again.
 * @throws one line that says what is missing and what to do about it.
 */
export async function installRuntime({ device, say, environment = process.env, platform = `${process.platform}-${process.arch}`, python }: InstallOptions): Promise<Libraries> {
  if (platform !== 'linux-x64') throw new Error(`platform: expected linux-x64, got ${platform}; use a Linux machine or container, or WSL 2`);
  const cache = cacheFolder(environment);
  await mkdir(cache, { recursive: true }).catch((error: unknown) => {
    throw new Error(`cache folder: expected to be allowed to make ${cache}, got: ${(error as Error).message}; set XDG_CACHE_HOME to another folder`);
  });
  // Long enough for somebody else's download; a holder that died is noticed after half a minute.
  const unlock = await lock(cache, { stale: 30_000, update: 5_000, retries: { retries: 1800, factor: 1, minTimeout: 1000, maxTimeout: 1000 } });
  try {
    const own = environment['NOISY_PAIRS_LIBTENSORFLOW'];
    const libraries = own !== undefined && own !== '' ? ownLibraries(own) : await cachedLibraries(cache, device, say, python);
    await installAddons(cache, libraries, say);
    return libraries;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new Error(`disk: expected about 1.5 GB free for ${cache}, got a full disk; make room or set XDG_CACHE_HOME`, { cause: error });
    throw error;
  } finally {
    await unlock();
  }
}
