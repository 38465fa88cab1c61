import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The process that holds a run's folder: in its lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When it was started, by its system; tells it from a later one of the same number. */
  readonly started: string | null;
}

/** A run whose sweep was killed may need a moment to end. */
const waits = 20;
/** Milliseconds. */
const wait = 500;
/** Milliseconds between two looks at the own lock; it is touched then. */
const beat = 2000;
/** Milliseconds after which a lock that nobody touches is stale, where its process is not seen. */
const stale = 60_000;
/** A clock may be a little ahead of that of the disk. Milliseconds. */
const ahead = 10_000;

/**
 * Makes a run's folder this process's alone until it ends: a sweep that is stopped or gone does not
 * hold its runs, they do themselves.
 * @param onNote hears of a stale lock from the future
 * @param onLost hears, once, that the lock is gone: the run must stop
 * @returns gives the folder free
 * @throws one line if another process holds it
 */
export async function lockRun(
  folder: string,
  onNote: (line: string) => void,
  onLost: (line: string) => void,
): Promise<() => void> {
  const path = join(folder, 'run.lock');
  const own: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const text = `${JSON.stringify(own)}\n`;
  for (let tries = waits; !take(folder, path, text, tries <= 0, onNote); tries -= 1)
    await pause(wait);
  const timer = setInterval(() => {
    if (readLock(path) === text) {
      touch(path);
      return;
    }
    clearInterval(timer);
    onLost(`${path}: expected the lock of process ${own.pid}, got it lost; the run stops`);
  }, beat);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (readLock(path) === text) rmSync(path, { force: true });
  };
}

/** @returns whether it is taken @throws where another holds it, and this was the last try */
function take(
  folder: string,
  path: string,
  text: string,
  last: boolean,
  onNote: (line: string) => void,
): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') {
      rmSync(path, { force: true }); // on a full disk it is there, empty
      throw new Error(`${path}: not written (${message.split(', ')[0] ?? ''})`, { cause: error });
    }
    const holder = holderOf(path, onNote);
    if (holder !== undefined && last)
      throw new Error(`${folder}: expected no other process at work in it, got ${holder}`, {
        cause: error,
      });
    if (holder === undefined) rmSync(path, { recursive: true, force: true });
    return false;
  }
}

/** The process that holds a lock, in words; undefined if it is stale. */
function holderOf(path: string, onNote: (line: string) => void): string | undefined {
  const { pid, host, started } = parsed(readLock(path));
  if (host === hostname() && pid !== undefined)
    return startOf(pid) === started && isAlive(pid) ? `process ${pid}` : undefined;
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age < -ahead) {
    onNote(`${path}: expected a lock of now or before, got one of the future: stale, removed`);
    return undefined;
  }
  return age < stale ? `process ${pid ?? '?'} of ${host ?? 'an unknown machine'}` : undefined;
}

function parsed(text: string | undefined): Partial<Holder> {
  try {
    return Object(JSON.parse(text ?? '{}')) as Partial<Holder>;
  } catch {
    return {};
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // gone since it was read: the next look says so
  }
}

/** The process's start in clock ticks since the machine's, where /proc tells; else null. */
function startOf(pid: number): string | null {
  const stat = readLock(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
