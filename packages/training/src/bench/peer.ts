import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Some steps as the peer has timed them. */
export interface PeerTiming {
  /** Median of the steps. */
  readonly ms: number;
  /** Peak resident set so far. */
  readonly rssMiB: number;
  /** PyTorch's. */
  readonly version: string;
}

/** A PyTorch process that does the same steps when asked. */
export interface Peer {
  readonly variant: PeerVariant;
  /** Times some steps. @throws what the peer died of */
  time(steps: number): Promise<PeerTiming>;
  close(): void;
}

/** Ways to run PyTorch. */
export const peerVariants = ['eager', 'channels_last', 'compile'] as const;
export type PeerVariant = (typeof peerVariants)[number];

/** The step that the peer is to time, as for SubjectOptions. */
export interface PeerOptions {
  readonly batch: number;
  readonly size: number;
  readonly precision: string;
}

/** bench/moco_step.py; src/bench and dist/bench lie equally deep. */
const script = fileURLToPath(new URL('../../bench/moco_step.py', import.meta.url));

/** @param python a Python with torch and torchvision */
export function openPeer(
  python: string,
  { batch, size, precision }: PeerOptions,
  variant: PeerVariant,
): Peer {
  const child = spawn(python, [script, String(batch), String(size), variant, precision], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = endOf(child, python);
  ended.catch(() => undefined); // told to whoever asks next
  child.stdin.on('error', () => undefined); // it has ended: `ended` says so
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    variant,
    async time(steps) {
      child.stdin.write(`${steps}\n`);
      const line = await Promise.race([lines.next(), ended]);
      return line.done ? ended : (JSON.parse(line.value) as PeerTiming);
    },
    close() {
      child.removeAllListeners('close');
      child.kill();
    },
  };
}

/** Rejects with what the process died of, when it does. */
function endOf(child: ChildProcess, python: string): Promise<never> {
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-4000);
  });
  return new Promise((_, reject) => {
    child.on('error', ({ message }) => {
      reject(new Error(`--peer: expected a Python with torch and torchvision, got: ${message}`));
    });
    child.on('close', (code) => {
      const last = errors.trim().split('\n').at(-1) ?? '';
      const got = `exit code ${code ?? '?'}: ${last}`;
      reject(new Error(`--peer ${python}: expected it to time its steps, got ${got}`));
    });
  });
}
