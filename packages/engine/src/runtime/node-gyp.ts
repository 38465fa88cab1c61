import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { lastLine, runChild } from './child-process.ts';
import { isPlain, plainName } from './plain-path.ts';

/**
 * Compiles the addon in `folder`, where its binding.gyp is; the folder's path is plain, that of
 * node-gyp and of Node's headers need not be.
 * @throws one line with the remedy.
 */
export async function rebuild(folder: string, args: readonly string[]): Promise<void> {
  const { MAKE = 'make', CC = 'cc', CXX = 'g++' } = process.env;
  for (const tool of [MAKE, CC, CXX]) {
    if ((await runChild(tool, ['--version'])).missing)
      throw new Error(
        `compiler: expected ${tool} on the PATH, got none; install it (Debian: apt-get install ` +
          'build-essential)',
      );
  }
  const all = [...(await nodeGyp(folder)), 'rebuild', ...(await nodeHeaders(folder)), ...args];
  // node-gyp would take the variable before the flag.
  const env = { ...process.env, npm_config_nodedir: undefined };
  const { code, output } = await runChild(process.execPath, all, { cwd: folder, env });
  if (code !== 0) throw new Error(explainNodeGyp(output));
}

const connectionErrors = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENETUNREACH',
  'FetchError',
  'response downloading',
];

/** One line on why node-gyp failed and what to do. */
export function explainNodeGyp(output: string): string {
  if (/ENOSPC|No space left/.test(output))
    return (
      'disk: expected room for the build in the cache folder, got a full disk; make room or set ' +
      'XDG_CACHE_HOME to a folder on another one'
    );
  if (/Could not find any Python/.test(output))
    return 'python: expected python3 on the PATH, which node-gyp needs, got none; install Python 3';
  if (connectionErrors.some((sign) => output.includes(sign)))
    return (
      `network: expected node-gyp to fetch the headers of Node ${process.version}, got no ` +
      `connection; try again later, or point npm's setting nodedir at a folder with include/node`
    );
  const error = output
    .split('\n')
    .find((line) => /error/i.test(line) && !line.startsWith('gyp ERR! stack'));
  return `binding: expected it to compile, got: ${error?.trim() ?? lastLine(output)}`;
}

/** Node's arguments that start node-gyp; `folder` takes a link to it where that is needed. */
async function nodeGyp(folder: string): Promise<string[]> {
  const program = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const modules = dirname(dirname(dirname(program)));
  if (isPlain(modules)) return [program];
  const plain = await plainName(modules, folder, 'node_modules');
  const linked = join(plain, 'node-gyp', 'bin', 'node-gyp.js');
  return ['--preserve-symlinks', '--preserve-symlinks-main', linked];
}

/**
 * The flag that names Node's headers where this machine has them: by npm's setting, or beside the
 * Node that runs. Without it node-gyp fetches them, into `folder` where its own cache is not plain.
 */
async function nodeHeaders(folder: string): Promise<string[]> {
  const configured =
    process.env['npm_config_nodedir'] ??
    (await runChild('npm', ['config', 'get', 'nodedir'])).output;
  // npm prints warnings besides, in no fixed order.
  const lines = configured.split('\n').map((line) => line.trim());
  const folders = [
    ...lines.filter((line) => line.startsWith('/')),
    dirname(dirname(process.execPath)),
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')));
  if (found !== undefined) return [`--nodedir=${await plainName(found, folder, 'node-headers')}`];
  const ownCache = process.env['XDG_CACHE_HOME'] ?? homedir();
  return isPlain(ownCache) ? [] : [`--devdir=${join(folder, 'node-headers')}`];
}
