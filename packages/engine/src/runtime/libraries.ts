import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inOneStep } from './in-one-step.ts';
import { TENSORFLOW_VERSION, type Device, type Wheel } from './release.ts';
import { extractWheel, fetchWheel } from './wheel.ts';

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
  say(
    `fetching TensorFlow ${TENSORFLOW_VERSION} with pip ` +
      `(${device === 'cpu' ? 'about 262 MiB' : 'with CUDA about 3.3 GiB'}, once)`,
  );
  const paths: string[] = [];
  // One by one: of an interrupted download, the wheels that are whole are kept.
  for (const [i, wheel] of wheels.entries())
    paths.push(await fetchWheel(wheel, join(download, String(i)), say));

  say('unpacking the libraries');
  await inOneStep(folder, async (partial) => {
    for (const path of paths) await extractWheel(path, (name) => libraryTarget(name, partial));
    const names = await readdir(join(partial, 'lib')).catch((): string[] => []);
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      if (!names.includes(name))
        throw new Error(`${paths[0] ?? download}: expected ${name} in it, got none`);
    }
    await symlink('libtensorflow_cc.so.2', join(partial, 'lib', 'libtensorflow.so'));
    await symlink(
      'libtensorflow_framework.so.2',
      join(partial, 'lib', 'libtensorflow_framework.so'),
    );
    await writeFile(
      join(partial, STAMP),
      wheels.map(({ requirement, sha256 }) => `${requirement} sha256:${sha256}\n`).join(''),
    );
  });
  await rm(download, { recursive: true, force: true });
  return { folder, key };
}

/**
 * Of the wheels only the libraries and the headers are kept; CUDA's at ../nvidia as seen from
 * TensorFlow's, where its run path looks for them.
 */
function libraryTarget(name: string, folder: string): string | undefined {
  if (
    name === 'tensorflow/libtensorflow_cc.so.2' ||
    name === 'tensorflow/libtensorflow_framework.so.2'
  )
    return join(folder, 'lib', name.slice('tensorflow/'.length));
  if (name.startsWith('tensorflow/include/')) return join(folder, name.slice('tensorflow/'.length));
  if (/^nvidia\/.*\.so[.\d]*$/.test(name)) return join(folder, name);
  return undefined;
}
