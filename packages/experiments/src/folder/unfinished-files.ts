import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Names that files have while they are written: NAME.NUMBER, and NAME.PID.tmp of weights. */
const temporary = /\.(safetensors|json|jsonl|csv|svg|html|png|noisy-pairs)\.\d+(\.tmp)?$/;

/**
 * Deletes what processes that died left of files they were writing. The folder must be this
 * process's alone.
 * @param deep whether folders in it are looked through too
 * @returns their paths
 */
export function removeUnfinishedFiles(folder: string, deep: boolean): string[] {
  const paths = readdirSync(folder, { withFileTypes: true, recursive: deep })
    .filter((entry) => entry.isFile() && temporary.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths) rmSync(path, { force: true });
  return paths;
}
