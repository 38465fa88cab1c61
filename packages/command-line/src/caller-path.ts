import { resolve } from 'node:path';

/**
 * An absolute path as the user meant it: Nx starts programs in the workspace root; npm and npx
 * leave the caller's folder in INIT_CWD.
 */
export function callerPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

/** An executable as the user meant it: a name to be looked up in PATH, or a path as callerPath. */
export function callerExecutable(name: string): string {
  return name.includes('/') ? callerPath(name) : name;
}
