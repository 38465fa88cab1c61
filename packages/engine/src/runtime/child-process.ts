import { spawn } from 'node:child_process';

/** How a program ended. `code` is null when it could not be started or a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly missing: boolean;
}

/**
 * Runs a program to its end, keeping what it prints; asynchronous, so that locks are kept alive
 * meanwhile.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output = (output + data.toString()).slice(-200_000);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({
        code: null,
        signal: null,
        output: error.message,
        missing: error.code === 'ENOENT',
      });
    });
    child.on('close', (code, signal) => {
      resolve({ code, signal, output, missing: false });
    });
  });
}

/** The last line that is not empty. */
export function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .pop() ?? 'no output'
  );
}
