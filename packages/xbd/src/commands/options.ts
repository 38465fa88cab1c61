import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Nx starts programs in the workspace root; npm and npx leave the caller's folder in INIT_CWD. */
export const fromCaller = (path: string): string =>
  resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

/** Parser of a whole number of at least `low`. */
export function wholeNumber(low: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low)
      throw new InvalidArgumentError(
        `Expected a whole number of at least ${low}, got ${JSON.stringify(text)}.`,
      );
    return value;
  };
}

/** Ends a program with its error on one line. */
export function failAs(program: string): (error: unknown) => void {
  return (error) => {
    console.error(`${program}: ${(error as Error).message}`);
    process.exitCode = 1;
  };
}
