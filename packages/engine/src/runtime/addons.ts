import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  copyFile,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inOneStep } from './in-one-step.ts';
import type { Libraries } from './libraries.ts';
import { rebuild } from './node-gyp.ts';
import { inPlainFolder } from './plain-path.ts';

const require = createRequire(import.meta.url);
/** Sources of our own addons; src/runtime and dist/runtime lie equally deep. */
const nativeSources = new URL('../../native/', import.meta.url);
const ownNames = ['quiet.node', 'session.node'] as const;
const addonNames = ['tfjs_binding.node', ...ownNames] as const;

/** The folder of the installed @tensorflow/tfjs-node-gpu. */
export function tfjsFolder(): string {
  return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/**
 * Builds tfjs-node's binding and our addons against the libraries, unless the cache has them, and
 * puts them into the installed package; call it under the cache's lock.
 * @throws one line with the remedy when there is no compiler or the build fails.
 */
export async function installAddons(
  cache: string,
  libraries: Libraries,
  tfjs: string,
  say: (line: string) => void,
): Promise<void> {
  const { version } = JSON.parse(await readFile(join(tfjs, 'package.json'), 'utf8')) as {
    version: string;
  };
  const sources = (await hashNativeSources()).slice(0, 8);
  const built = join(cache, `addons-tfjs-${version}-${libraries.key}-${process.arch}-${sources}`);
  if (!addonNames.every((name) => existsSync(join(built, name)))) {
    say('compiling the binding (about 30 s, once)');
    await inOneStep(built, (partial) => build(tfjs, libraries, partial));
  }
  await link(join(libraries.folder, 'lib'), join(tfjs, 'deps', 'lib'));
  await link(join(libraries.folder, 'include'), join(tfjs, 'deps', 'include'));
  for (const name of addonNames) await place(join(built, name), join(tfjs, 'lib', 'napi-v8', name));
}

/** In hexadecimal digits. */
async function hashNativeSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(nativeSources);
  for (const name of names.filter((each) => !each.startsWith('.')).sort())
    hash.update(await readFile(new URL(name, nativeSources)));
  return hash.digest('hex');
}

/** Leaves the addons in `folder`. */
async function build(tfjs: string, libraries: Libraries, folder: string): Promise<void> {
  await inPlainFolder(folder, async (work) => {
    // A copy, so that two checkouts do not build in each other's way and node_modules stays as npm
    // made it.
    const copy = join(work, 'tfjs');
    for (const part of ['package.json', 'binding.gyp', 'binding', 'scripts'])
      await cp(join(tfjs, part), join(copy, part), { recursive: true });
    await link(join(libraries.folder, 'lib'), join(copy, 'deps', 'lib'));
    await link(join(libraries.folder, 'include'), join(copy, 'deps', 'include'));
    const output = join(copy, 'lib', 'napi-v8');
    await rebuild(copy, [
      '--module_name=tfjs_binding',
      `--module_path=${output}`,
      '--napi_build_version=8',
    ]);
    const own = join(work, 'own');
    await cp(nativeSources, own, { recursive: true });
    await rebuild(own, [`--tensorflow=${join(copy, 'deps')}`]);
    await copyFile(join(output, 'tfjs_binding.node'), join(folder, 'tfjs_binding.node'));
    for (const name of ownNames)
      await copyFile(join(own, 'build', 'Release', name), join(folder, name));
  });
}

/** Puts a link in place in one step, unless it is there. */
async function link(target: string, path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there?.isSymbolicLink() && (await readlink(path)) === target) return;
  if (there && !there.isSymbolicLink()) await rm(path, { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}

/**
 * Puts a copy in place in one step, unless it is there: a process that has the old one loaded keeps
 * it.
 */
async function place(source: string, path: string): Promise<void> {
  const [wanted, found] = await Promise.all([
    readFile(source),
    readFile(path).catch(() => undefined),
  ]);
  if (found?.equals(wanted)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await copyFile(source, temporary);
  await rename(temporary, path);
}
