import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Window } from '../window.ts';
import type { ReadTiming } from './time-reads.ts';

/** src/bench and dist/bench lie equally deep. */
const script = fileURLToPath(new URL('../../bench/tiff_reads.py', import.meta.url));

interface PeerTiming extends ReadTiming {
  /** rasterio's. */
  readonly version: string;
}

/** A Python process that reads the same file with rasterio. */
export interface Peer {
  /** @throws what the process died of, or that it does not start */
  time(area: 'full' | 'window', reads: number): Promise<PeerTiming>;
  close(): void;
}

export function openRasterioPeer(
  python: string,
  file: string,
  { x, y, width, height }: Window,
): Peer {
  const child = spawn(python, [script, file, ...[x, y, width, height].map(String)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', ({ message }) => {
      reject(new Error(`--peer: expected a Python with rasterio, got: ${message}`));
    });
    child.on('close', (code) => {
      const last = errors.trim().split('\n').at(-1) ?? '';
      const got = `got exit code ${code ?? '?'}: ${last}`;
      reject(new Error(`--peer ${python}: expected it to time its reads, ${got}`));
    });
  });
  ended.catch(() => undefined); // told to whoever asks next
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async time(area, reads) {
      child.stdin.write(`${area} ${reads}\n`);
      const line = await Promise.race([lines.next(), ended]);
      return line.done ? ended : (JSON.parse(line.value) as PeerTiming);
    },
    close() {
      child.removeAllListeners('close');
      child.kill();
    },
  };
}
