import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cudaRequirements, TENSORFLOW_VERSION, wheels, type Device } from './release.ts';
import { downloadWheels, extractWheel } from './wheel.ts';

/** Written last: a folder without it is not whole. */
const STAMP = 'complete';

/** A libtensorflow: `lib/libtensorflow.so`, `lib/libtensorflow_framework.so` and `include/tensorflow/c/c_api.h` below a folder. */
export interface Libraries {
  readonly folder: string;
  /** Tells libraries apart in the names of what is built against them. */
  readonly key: string;
}

/** The user's own libtensorflow. @throws if the folder lacks what a libtensorflow has. */
export function ownLibraries(folder: string): Libraries {
  const path = resolve(folder);
  for (const needed of ['lib/libtensorflow.so', 'lib/libtensorflow_framework.so', 'include/tensorflow/c/c_api.h']) {
    if (!existsSync(join(path, needed))) throw new Error(`NOISY_PAIRS_LIBTENSORFLOW: expected ${needed} in ${path}, got none`);
  }
  return { folder: path, key: `own-${Buffer.from(path).toString('base64url')}`.slice(0, 200) };
}

/** The pinned libtensorflow in the cache, fetched and unpacked unless it is there. Call it under the cache's lock. */
export async function cachedLibraries(cache: string, device: Device, say: (line: string) => void, python?: string): Promise<Libraries> {
  const key = `tensorflow-${TENSORFLOW_VERSION}-${device}`;
  const folder = join(cache, key);
  if (existsSync(join(folder, STAMP))) return { folder, key };

  const download = join(cache, `download-${device}`);
  const { requirement, sha256 } = wheels[device];
  say(`fetching ${requirement} with pip (about ${device === 'cpu' ? '262 MiB' : '600 MiB'}, once)`);
  const [wheel] = await downloadWheels([`${requirement} --hash=sha256:${sha256}`], true, download, python);
  if (wheel === undefined) throw new Error(`${download}: expected a wheel, got none`);
  const cuda = device === 'gpu' ? await downloadWheels(cudaRequirements, false, join(download, 'cuda'), python) : [];

  say('unpacking the library');
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await extractWheel(wheel, (name) => libraryTarget(name, partial));
  for (const path of cuda) await extractWheel(path, (name) => (/^nvidia\/.*\.so[.\d]*$/.test(name) ? join(partial, 'lib', name.split('/').pop() ?? name) : undefined));
  const files = await readdir(join(partial, 'lib')).catch(() => [] as string[]);
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    if (!files.includes(name)) throw new Error(`${wheel}: expected ${name} in it, got none`);
  }
  await symlink('libtensorflow_cc.so.2', join(partial, 'lib', 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(partial, 'lib', 'libtensorflow_framework.so'));
  await writeFile(join(partial, STAMP), `${requirement} sha256:${sha256}\n`);
  await mkdir(cache, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  await rm(download, { recursive: true, force: true });
  return { folder, key };
}

/** Of the wheel only the two libraries and the headers are kept. */
function libraryTarget(name: string, folder: string): string | undefined {
  if (name === 'tensorflow/libtensorflow_cc.so.2' || name === 'tensorflow/libtensorflow_framework.so.2') return join(folder, 'lib', name.slice('tensorflow/'.length));
  if (name.startsWith('tensorflow/include/')) return join(folder, name.slice('tensorflow/'.length));
  return undefined;
}
