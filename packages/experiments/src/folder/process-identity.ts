import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process among all of all machines. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it was started, by its system; tells it from a later one of the same number. */
  readonly started: string | null;
  /** The start of the machine and the space of numbers, where /proc tells; else the host's name. */
  readonly system: string;
  readonly uuid: string;
}

/** This process, with another uuid at each call. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { host: hostname(), pid, started: startOf(pid), system, uuid: randomUUID() };
}

/**
 * Whether a process is at work.
 * @returns undefined if that cannot be seen from here: it is another machine's, or unknown
 */
export function isAtWork({ pid, started, system: its }: Partial<ProcessIdentity>) {
  if (its !== system || pid === undefined) return undefined;
  return startOf(pid) === started && isAlive(pid);
}

const system = [
  hostname(),
  textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  textOf(() => readlinkSync('/proc/self/ns/pid')),
].join(' ');

/** The process's start in clock ticks since the machine's, where /proc tells; else null. */
function startOf(pid: number): string | null {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
