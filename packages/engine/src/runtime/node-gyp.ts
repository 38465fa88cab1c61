import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { lastLine, runProgram } from './child-process.ts';

/** Compiles the addon in `folder`, where its binding.gyp is. @throws one line with the remedy. */
export async function rebuild(folder: string, args: readonly string[]): Promise<void> {
  for (const tool of [
    process.env['MAKE'] ?? 'make',
    process.env['CC'] ?? 'cc',
    process.env['CXX'] ?? 'g++',
  ]) {
    if ((await runProgram(tool, ['--version'])).missing)
      throw new Error(
        `compiler: expected ${tool} on the PATH, got none; install it (Debian: apt-get install ` +
          'build-essential)',
      );
  }
  const program = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const { code, output } = await runProgram(
    process.execPath,
    [program, 'rebuild', ...(await nodeHeaders()), ...args],
    { cwd: folder },
  );
  if (code !== 0) throw new Error(explainNodeGyp(output));
}

/** What node-gyp's output means, in a line, and what to do. */
export function explainNodeGyp(output: string): string {
  if (/ENOSPC|No space left/.test(output))
    return (
      'disk: expected room for the build in the cache folder, got a full disk; make room or set ' +
      'XDG_CACHE_HOME to a folder on another one'
    );
  if (/Could not find any Python/.test(output))
    return 'python: expected python3 on the PATH, which node-gyp needs, got none; install Python 3';
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|FetchError|response downloading/.test(
      output,
    )
  ) {
    return (
      `network: expected node-gyp to fetch the headers of Node ${process.version}, got no ` +
      `connection; try again later, or point npm's setting nodedir at a folder with include/node`
    );
  }
  const errors = output
    .split('\n')
    .filter((line) => /error/i.test(line) && !/^gyp ERR! stack/.test(line));
  return `binding: expected it to compile, got: ${errors[0]?.trim() ?? lastLine(output)}`;
}

/**
 * Where this machine has Node's headers already: npm's setting, or the installation that runs. Else
 * node-gyp fetches them.
 */
async function nodeHeaders(): Promise<string[]> {
  // npm prints warnings besides, in no fixed order.
  const configured =
    process.env['npm_config_nodedir'] ??
    (await runProgram('npm', ['config', 'get', 'nodedir'])).output;
  const folders = [
    ...configured
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('/')),
    dirname(dirname(process.execPath)),
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')));
  return found === undefined ? [] : [`--nodedir=${found}`];
}
