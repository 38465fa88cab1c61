import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, lstat, mkdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Libraries } from './libraries.ts';
import { lastLine, runProgram } from './program.ts';

const require = createRequire(import.meta.url);
/** Sources of our own addon; both src/ and dist/ lie one below the package. */
const nativeSources = new URL('../../native/', import.meta.url);
const addonNames = ['tfjs_binding.node', 'quiet.node'] as const;

/** The folder of the installed @tensorflow/tfjs-node-gpu. */
export function tfjsFolder(): string {
  return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/** Puts a link in place in one step, unless it is there. */
async function link(target: string, path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there?.isSymbolicLink() && (await readlink(path)) === target) return;
  if (there && !there.isSymbolicLink()) await rm(path, { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await symlink(target, temporary);
  await rename(temporary, path);
}

/**
 * Builds tfjs-node's binding and our addon against the libraries, unless the cache has them, and puts them into the installed package.
 * Call it under the cache's lock. @throws one line with the remedy when there is no compiler or the build fails.
 */
export async function installAddons(cache: string, libraries: Libraries, say: (line: string) => void): Promise<void> {
  const tfjs = tfjsFolder();
  const { version } = JSON.parse(await readFile(join(tfjs, 'package.json'), 'utf8')) as { version: string };
  const ours = createHash('sha256');
  for (const name of ['binding.gyp', 'quiet.c']) ours.update(await readFile(new URL(name, nativeSources)));
  const built = join(cache, `addons-tfjs-${version}-${libraries.key}-${process.arch}-${ours.digest('hex').slice(0, 8)}`);
  if (!addonNames.every((name) => existsSync(join(built, name)))) {
    say('compiling the binding (about 20 s, once)');
    await build(tfjs, libraries, built);
  }
  await link(join(libraries.folder, 'lib'), join(tfjs, 'deps', 'lib'));
  await link(join(libraries.folder, 'include'), join(tfjs, 'deps', 'include'));
  const target = join(tfjs, 'lib', 'napi-v8');
  await mkdir(target, { recursive: true });
  for (const name of addonNames) {
    const [wanted, found] = await Promise.all([readFile(join(built, name)), readFile(join(target, name)).catch(() => undefined)]);
    if (found?.equals(wanted)) continue;
    await copyFile(join(built, name), join(target, `${name}.${process.pid}`));
    await rename(join(target, `${name}.${process.pid}`), join(target, name));
  }
}

async function build(tfjs: string, libraries: Libraries, built: string): Promise<void> {
  for (const tool of ['make', 'g++']) {
    if ((await runProgram(tool, ['--version'])).missing) throw new Error(`compiler: expected ${tool} on the PATH, got none; install it (Debian: apt-get install build-essential)`);
  }
  const work = `${built}.partial`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  const headers = await nodeHeaders();
  const rebuild = async (folder: string, args: readonly string[]) => {
    const { code, output } = await runProgram(process.execPath, [gyp, 'rebuild', ...headers, ...args], { cwd: folder });
    if (code === 0) return;
    if (/ENOSPC|No space left/.test(output)) throw new Error('disk: expected room for the build in the cache folder, got a full one; make room or set XDG_CACHE_HOME');
    const errors = output.split('\n').filter((line) => /error/i.test(line) && !/^gyp ERR! stack/.test(line));
    throw new Error(`binding: expected it to compile, got: ${errors[0]?.trim() ?? lastLine(output)}`);
  };
  // A copy, so that two checkouts do not build in each other's way and node_modules stays as npm made it.
  const copy = join(work, 'tfjs');
  for (const part of ['package.json', 'binding.gyp', 'binding', 'scripts']) await cp(join(tfjs, part), join(copy, part), { recursive: true });
  await link(join(libraries.folder, 'lib'), join(copy, 'deps', 'lib'));
  await link(join(libraries.folder, 'include'), join(copy, 'deps', 'include'));
  const output = join(copy, 'lib', 'napi-v8');
  await rebuild(copy, ['--module_name=tfjs_binding', `--module_path=${output}`, '--napi_build_version=8']);
  const quiet = join(work, 'quiet');
  await cp(nativeSources, quiet, { recursive: true });
  await rebuild(quiet, []);

  const ready = `${built}.ready`;
  await rm(ready, { recursive: true, force: true });
  await mkdir(ready);
  await copyFile(join(output, 'tfjs_binding.node'), join(ready, 'tfjs_binding.node'));
  await copyFile(join(quiet, 'build', 'Release', 'quiet.node'), join(ready, 'quiet.node'));
  await rm(built, { recursive: true, force: true });
  await rename(ready, built);
  await rm(work, { recursive: true, force: true });
}

/** Headers of this very Node, where its installation or npm's setting has them; else node-gyp fetches them. */
async function nodeHeaders(): Promise<string[]> {
  const configured = (process.env['npm_config_nodedir'] ?? (await runProgram('npm', ['config', 'get', 'nodedir'])).output.trim().split('\n').pop() ?? '').trim();
  const prefix = dirname(dirname(process.execPath));
  const found = [configured, prefix].find((folder) => folder !== '' && existsSync(join(folder, 'include', 'node', 'node_api.h')));
  return found === undefined ? [] : [`--nodedir=${found}`];
}
