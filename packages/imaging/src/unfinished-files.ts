import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diskNow } from './disk-clock.ts';
import { hostPart } from './temporary-name.ts';

/** As temporaryName gives them. */
const temporary = /\.([\w-]+)\.(\d+)\.\d+-\d+\.tmp$/;
/** Names of earlier versions: NAME.NUMBER, NAME.PID.tmp of weights, and of a next checkpoint. */
const earlier =
  /\.(safetensors|json|jsonl|csv|svg|html|png|noisy-pairs)\.\d+(\.tmp)?$|^checkpoint\.next\./;

/** A file that nobody has written to for so long is nobody's. Milliseconds. */
const abandoned = 3_600_000;

/**
 * Deletes what processes that died left of files they were writing: those of this machine at once,
 * others when nobody has written to them for an hour.
 * @param deep whether folders in it are looked through too
 * @returns their paths
 */
export function removeUnfinishedFiles(folder: string, deep: boolean): string[] {
  const names = readdirSync(folder, { withFileTypes: true, recursive: deep }).filter(
    (entry) => entry.isFile() && (temporary.test(entry.name) || earlier.test(entry.name)),
  );
  if (names.length === 0) return [];
  const now = diskNow(folder);
  const paths = names
    .map((entry) => ({ name: entry.name, path: join(entry.parentPath, entry.name) }))
    .filter(({ name, path }) => isDeadOnes(name) || isAbandoned(path, now))
    .map(({ path }) => path);
  for (const path of paths) rmSync(path, { force: true });
  return paths;
}

function isAbandoned(path: string, now: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs < now - abandoned;
}

/** Whether it was of a process of this machine that is no more. */
function isDeadOnes(name: string): boolean {
  const [, host, pid] = temporary.exec(name) ?? [];
  if (host !== hostPart) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
