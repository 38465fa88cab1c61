import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installAddons, tfjsFolder } from './addons.ts';
import { cacheFolder, withCache } from './cache.ts';
import { cachedLibraries, ownLibraries, type Libraries } from './libraries.ts';
import { cudaWheels, tensorflowWheels, type Device, type Wheel } from './release.ts';

export interface InstallOptions {
  /** Remembered for next time; without it the one remembered, at first cpu. */
  readonly device?: Device | undefined;
  /** Called with a line on what takes time. */
  readonly say: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  /** The rest is for tests: another system, another place, other files than the pinned ones. */
  readonly platform?: string;
  readonly tfjs?: string;
  readonly wheels?: readonly Wheel[];
}

/**
 * Makes the native runtime usable: library in the cache, binding built, both linked into
 * node_modules. Does nothing that is done already; two at once wait for each other; what was
 * interrupted is taken up again.
 * @throws one line that says what is missing and what to do about it.
 */
export async function installRuntime({
  device,
  say,
  environment = process.env,
  platform = `${process.platform}-${process.arch}`,
  tfjs = tfjsFolder(),
  wheels,
}: InstallOptions): Promise<Libraries> {
  if (platform !== 'linux-x64')
    throw new Error(
      `platform: expected linux-x64, got ${platform}; use a Linux machine or container, or WSL 2`,
    );
  const cache = cacheFolder(environment);
  return withCache(cache, say, async () => {
    const own = environment['NOISY_PAIRS_LIBTENSORFLOW'];
    if (own !== undefined && own !== '') {
      const libraries = ownLibraries(own);
      await installAddons(cache, libraries, tfjs, say);
      return libraries;
    }
    const chosen = device ?? (await rememberedDevice(cache));
    const libraries = await cachedLibraries(
      cache,
      chosen,
      wheels ?? [tensorflowWheels[chosen], ...(chosen === 'gpu' ? cudaWheels : [])],
      say,
    );
    await installAddons(cache, libraries, tfjs, say);
    if (device !== undefined) {
      await writeFile(join(cache, 'device.new'), `${device}\n`);
      await rename(join(cache, 'device.new'), join(cache, 'device'));
    }
    return libraries;
  });
}

async function rememberedDevice(cache: string): Promise<Device> {
  const remembered = await readFile(join(cache, 'device'), 'utf8').catch(() => 'cpu');
  return remembered.trim() === 'gpu' ? 'gpu' : 'cpu';
}
