import { fileURLToPath } from 'node:url';

/** This package's sources, or what they are compiled to. */
const engine = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Where the code outside the engine and its libraries is that the caller acts for: `FILE:LINE`, or
 * undefined.
 */
export function stepLine(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200; // gradients are asked for from deep inside tfjs
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const [, file, row] = /\(?(?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?$/.exec(line) ?? [];
    if (file === undefined || file.includes('/node_modules/')) continue;
    if (file.startsWith(engine) && !/\.test\.[jt]s$/.test(file)) continue;
    return `${file}:${row ?? '?'}`;
  }
  return undefined;
}

/** An error about the step under recording, with the line that caused it. */
export class CompileError extends Error {
  constructor(message: string, line = stepLine()) {
    super(`compile: ${message}${line === undefined ? '' : ` (${line})`}`);
    this.name = 'CompileError';
  }
}
