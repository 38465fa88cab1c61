import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The workspace's root. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a program of a package says, without progress bars, on one line. */
export function told(program, flags, options = {}) {
  const path = `${root}packages/${program}.js`;
  return toldBy([process.execPath, path, ...flags], options);
}

export function toldBy([command, ...flags], options = {}) {
  const { stdout, stderr, signal, error } = spawnSync(command, flags, {
    encoding: 'utf8',
    timeout: 300_000,
    ...options,
  });
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => !/^[█░]/.test(line));
  const end = signal ?? error?.message;
  return [...lines, ...(end ? [end] : [])].filter((line) => line.trim() !== '').join(' / ');
}

/** What a promise comes to: its value as text, or its error's message. */
export const outcome = (promise) =>
  promise.then(String, (error) => `refused: ${error.message ?? error}`);
