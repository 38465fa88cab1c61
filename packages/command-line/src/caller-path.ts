import { resolve } from 'node:path';

/**
 * An absolute path as the user meant it: Nx starts programs in the workspace root; npm and npx
 * leave the caller's folder in INIT_CWD.
 */
export function callerPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
