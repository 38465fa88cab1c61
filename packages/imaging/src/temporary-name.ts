import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** This machine's name as it is in the names of temporary files. */
export const hostPart = hostname().replace(/[^\w-]/g, '-');

let count = 0;

/**
 * A name for a file while it is written, in the same folder: PATH.HOST.PID.N.tmp. No other process
 * has it, on no machine that shares the folder.
 */
export function temporaryName(path: string): string {
  count += 1;
  return `${path}.${hostPart}.${process.pid}.${threadId}-${count}.tmp`;
}
