import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { extractWheel } from './wheels/extract-wheel.ts';
import { inOneStep } from './in-one-step.ts';
import { TENSORFLOW_VERSION, type Device, type Wheel } from './release.ts';
import { fetchWheel } from './wheels/wheel.ts';

/** Written last: a folder without it is not whole. */
const STAMP = 'complete';

/**
 * A libtensorflow: `lib/libtensorflow.so`, `lib/libtensorflow_framework.so` and
 * `include/tensorflow/c/c_api.h` below a folder.
 */
export interface Libraries {
  readonly folder: string;
  /** Tells libraries apart in the names of what is built against them. */
  readonly key: string;
}

/** The user's own libtensorflow. @throws if the folder lacks what a libtensorflow has. */
export function ownLibraries(folder: string): Libraries {
  const path = resolve(folder);
  for (const needed of [
    'lib/libtensorflow.so',
    'lib/libtensorflow_framework.so',
    'include/tensorflow/c/c_api.h',
  ]) {
    if (!existsSync(join(path, needed)))
      throw new Error(`NOISY_PAIRS_LIBTENSORFLOW: expected ${needed} in ${path}, got none`);
  }
  return {
    folder: path,
    key: `own-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`,
  };
}

/**
 * The pinned libtensorflow in the cache, fetched and unpacked unless it is there; call it under the
 * cache's lock.
 * @param wheels TensorFlow's, then CUDA's
 */
export async function cachedLibraries(
  cache: string,
  device: Device,
  wheels: readonly Wheel[],
  say: (line: string) => void,
): Promise<Libraries> {
  const key = `tensorflow-${TENSORFLOW_VERSION}-${device}`;
  const folder = join(cache, key);
  if (existsSync(join(folder, STAMP))) return { folder, key };

  const download = join(cache, `download-${device}`);
  const size = device === 'cpu' ? 'about 262 MiB' : 'with CUDA about 3.3 GiB';
  say(`fetching TensorFlow ${TENSORFLOW_VERSION} with pip (${size}, once)`);
  const paths: string[] = [];
  // One by one: of an interrupted download, the wheels that are whole are kept.
  for (const [i, wheel] of wheels.entries())
    paths.push(await fetchWheel(wheel, join(download, String(i)), say));

  say('unpacking the libraries');
  await inOneStep(folder, (partial) => unpack(paths, wheels, partial));
  await rm(download, { recursive: true, force: true });
  return { folder, key };
}

/** Fills the folder with the libraries and headers of the wheels at `paths`. */
async function unpack(
  paths: readonly string[],
  wheels: readonly Wheel[],
  folder: string,
): Promise<void> {
  for (const path of paths) await extractWheel(path, (name) => libraryTarget(name, folder));
  const lib = join(folder, 'lib');
  const names = await readdir(lib).catch((): string[] => []);
  const links = [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ] as const;
  for (const [library, link] of links) {
    if (!names.includes(library))
      throw new Error(`${paths[0] ?? 'wheels'}: expected ${library} in it, got none`);
    await symlink(library, join(lib, link));
  }
  const lines = wheels.map(({ requirement, sha256 }) => `${requirement} sha256:${sha256}\n`);
  await writeFile(join(folder, STAMP), lines.join(''));
}

/**
 * Where an entry of a wheel is kept below the folder, if at all: the libraries and the headers;
 * CUDA's at ../nvidia as seen from TensorFlow's, where its run path looks for them.
 */
function libraryTarget(name: string, folder: string): string | undefined {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(name))
    return join(folder, 'lib', basename(name));
  if (name.startsWith('tensorflow/include/')) return join(folder, relative('tensorflow', name));
  if (/^nvidia\/.*\.so[.\d]*$/.test(name)) return join(folder, name);
  return undefined;
}
