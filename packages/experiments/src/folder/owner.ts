import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { diskNow, temporaryName } from '@noisy-pairs/imaging';
import { beat, createOwner, readOwner } from './owner-file.ts';
import { isAtWork, thisProcess, type ProcessIdentity } from './process-identity.ts';

/** A folder that is this process's, as long as no other takes it over. */
export interface Ownership {
  /** A line that says whose the folder is by now, as the disk has it; undefined while it is own. */
  readonly lost: () => string | undefined;
  /** Gives the folder free. */
  readonly release: () => void;
}

export interface OwnerOptions {
  /**
   * Whether one that seems to be at work is put aside: an engine gave the work out again, since it
   * heard no more of that one. It steps back when it next looks.
   */
  readonly takesOver?: boolean;
  /**
   * Milliseconds that another has to end, as a run whose sweep was killed needs a moment. Default
   * 10 s.
   */
  readonly patience?: number;
  /** Hears of an owner that counts for nothing, since it is from the future, or is put aside. */
  readonly onNote: (line: string) => void;
  /** Hears, once, that the folder is another's: this process must stop. */
  readonly onLost: (line: string) => void;
}

/** Milliseconds between two tries. */
const wait = 500;
/** Milliseconds between two looks at the own file; it is written anew then. */
const beatEvery = 2000;
/** Milliseconds that one who is put aside has to notice. */
const settle = 5000;
/** Milliseconds after which an owner who does not write is gone, where it cannot be seen. */
const stale = 60_000;
/** Files may be a little younger than the disk's own clock says. Milliseconds. */
const ahead = 10_000;

/**
 * Makes a folder this process's until it ends: its file `owner` names the process. What is at work
 * in the folder must ask before each write whether it is `lost`. Of several that share a disk, one
 * is the owner, whatever their clocks say: the one who wrote last.
 * @throws one line if another process is at work in it
 */
export async function ownFolder(folder: string, options: OwnerOptions): Promise<Ownership> {
  const path = join(folder, 'owner');
  const own = thisProcess();
  const text = `${JSON.stringify(own)}\n`;
  let left = options.patience ?? 10_000;
  for (; !(await take(folder, text, left <= 0, options)); left -= wait) await pause(wait);
  const lost = () => {
    const found = readOwner(path);
    return found === text ? undefined : lostLine(folder, own, found);
  };
  const overtaken = lost();
  if (overtaken !== undefined) throw new Error(overtaken);
  const timer = setInterval(() => {
    if (beat(path, text)) return;
    clearInterval(timer);
    options.onLost(lostLine(folder, own, readOwner(path)));
  }, beatEvery);
  timer.unref();
  return {
    lost,
    release() {
      clearInterval(timer);
      if (readOwner(path) === text) rmSync(path, { force: true });
    },
  };
}

const lostLine = (folder: string, { pid }: ProcessIdentity, found: string | undefined) =>
  `${folder}: expected process ${pid} as its owner, got ${nameOf(parsed(found))}; this one, the ` +
  'older, stops';

/** @returns whether it is taken @throws where another is at work, and this was the last try */
async function take(
  folder: string,
  text: string,
  last: boolean,
  { takesOver = false, onNote }: OwnerOptions,
): Promise<boolean> {
  const path = join(folder, 'owner');
  try {
    createOwner(path, text);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST')
      throw new Error(`${path}: not written (${message.split(', ')[0] ?? ''})`, { cause: error });
    const holder = holderOf(folder, path, onNote);
    if (holder === undefined) {
      rmSync(path, { recursive: true, force: true });
      return false;
    }
    if (takesOver) {
      onNote(`${folder}: taken over from ${holder}, since it was given out again`);
      replace(path, text);
      await pause(settle);
      return true;
    }
    if (last)
      throw new Error(`${folder}: expected no other process at work in it, got ${holder}`, {
        cause: error,
      });
    return false;
  }
}

function replace(path: string, text: string): void {
  const temporary = temporaryName(path);
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** The owner that may be at work, in words; undefined if it is gone. */
function holderOf(
  folder: string,
  path: string,
  onNote: (line: string) => void,
): string | undefined {
  const owner = parsed(readOwner(path));
  const seen = isAtWork(owner);
  if (seen !== undefined) return seen ? `process ${owner.pid ?? '?'}` : undefined;
  const age = diskNow(folder) - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age < -ahead) {
    onNote(`${path}: expected a file of now or before, got one of the future: stale, removed`);
    return undefined;
  }
  return age < stale ? nameOf(owner) : undefined;
}

function nameOf({ pid, host }: Partial<ProcessIdentity>): string {
  return pid === undefined ? 'none' : `process ${pid} of ${host ?? 'an unknown machine'}`;
}

function parsed(text: string | undefined): Partial<ProcessIdentity> {
  try {
    return Object(JSON.parse(text ?? '{}')) as Partial<ProcessIdentity>;
  } catch {
    return {};
  }
}
