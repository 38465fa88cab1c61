import { resolve } from 'node:path';

/**
 * An absolute path as the user meant it: Nx starts programs in the workspace root; npm and npx
 * leave the caller's folder in INIT_CWD.
 */
export function callerPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

/** A program as the user meant it: a name to be looked up in PATH, or a path as callerPath. */
export function callerProgram(program: string): string {
  return program.includes('/') ? callerPath(program) : program;
}
