import { statSync } from 'node:fs';

/** @throws if the folder that --root names is not there, or is a file */
export function requireRoot(root: string): void {
  const about = statSync(root, { throwIfNoEntry: false });
  if (!about?.isDirectory())
    throw new Error(`--root: expected a folder, got ${about ? 'a file' : 'none'} at ${root}`);
}
