import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the peer says of some steps. */
export interface PeerTiming {
  /** Median of the steps. */
  readonly ms: number;
  /** Peak resident set so far. */
  readonly rssMiB: number;
  /** Of PyTorch. */
  readonly version: string;
}

export interface Peer {
  readonly variant: string;
  /** Times some steps. @throws what the peer died of */
  time(steps: number): Promise<PeerTiming>;
  close(): void;
}

/** bench/moco_step.py; src/bench and dist/bench lie equally deep. */
const script = fileURLToPath(new URL('../../bench/moco_step.py', import.meta.url));

/** Starts a PyTorch process that does the same steps when asked. */
export function openPeer(
  python: string,
  batch: number,
  size: number,
  variant: string,
  precision: string,
): Peer {
  const child: ChildProcess = spawn(
    python,
    [script, String(batch), String(size), variant, precision],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-4000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', (error) => {
      reject(
        new Error(`--peer: expected a Python with torch and torchvision, got: ${error.message}`),
      );
    });
    child.on('close', (code) => {
      reject(
        new Error(
          `--peer ${python}: expected it to time its steps, got exit code ${code ?? '?'}: ` +
            `${errors.trim().split('\n').at(-1) ?? ''}`,
        ),
      );
    });
  });
  ended.catch(() => undefined); // told to whoever asks next
  child.stdin?.on('error', () => undefined); // it has ended: `ended` says so
  const lines = child.stdout && createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    variant,
    async time(steps) {
      child.stdin?.write(`${steps}\n`);
      const line = await Promise.race([lines?.next(), ended]);
      if (!line || line.done) return ended;
      return JSON.parse(line.value) as PeerTiming;
    },
    close() {
      child.removeAllListeners('close');
      child.kill();
    },
  };
}
