import { resolve } from 'node:path';

/**
 * A path as the user meant it: Nx starts programs in the workspace root; npm and npx leave the
 * caller's folder in INIT_CWD.
 */
export const fromCaller = (path: string): string =>
  resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
