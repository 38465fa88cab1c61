import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from './temporary-name.ts';

/**
 * Now, by the clock of the disk that a folder is on, in milliseconds since 1970: ages of its files
 * are told by it, since clocks of machines that share a folder differ.
 */
export function diskNow(folder: string): number {
  const path = temporaryName(join(folder, 'clock'));
  try {
    writeFileSync(path, '');
    return statSync(path).mtimeMs;
  } finally {
    rmSync(path, { force: true });
  }
}
