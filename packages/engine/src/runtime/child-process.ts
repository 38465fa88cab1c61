import { spawn } from 'node:child_process';

/** How a child process ended. `code` is null when it could not be started or a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 200,000 characters of what it printed, standard error included. */
  readonly output: string;
  /** Whether there is no such executable. */
  readonly missing: boolean;
}

/**
 * Runs an executable to its end, keeping what it prints; asynchronous, so that locks are kept alive
 * meanwhile.
 */
export function runChild(
  executable: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(executable, args, {
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
    child.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      resolve({ code: null, signal: null, output: message, missing: code === 'ENOENT' });
    });
    child.on('close', (code, signal) => {
      resolve({ code, signal, output, missing: false });
    });
  });
}

/** The last line that is not empty. */
export function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').pop() ?? 'no output';
}
