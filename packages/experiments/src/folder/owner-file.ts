import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * What a folder's `owner` says, as the disk has it: shared disks look again when a file is opened,
 * not when it is asked for by name. Undefined where there is none to be read.
 */
export function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Makes the file as young as the disk's clock has it, by writing the same text again. What another
 * has put in its place meanwhile is not touched: it is another file.
 * @returns whether the file has the text still
 */
export function beat(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch {
    return false;
  }
  try {
    if (readFileSync(file, 'utf8') !== text) return false;
    writeSync(file, text, 0);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}
