#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { createBlockCache } from '../tiles/tiff/block-cache.ts';
import { openTiff } from '../tiles/tiff/tiff.ts';
import type { Window } from '../tiles/window.ts';
import { failAs, fromCaller, wholeNumber } from './options.ts';

interface Flags {
  readonly file: string;
  readonly peer?: string;
  readonly window: number;
  readonly pairs: number;
  readonly reads: number;
  readonly json?: true;
}
interface Timing {
  readonly ms: number;
  readonly sha256: string;
  readonly version: string;
}

/** src/commands and dist/commands lie equally deep. */
const script = fileURLToPath(new URL('../../bench/tiff_reads.py', import.meta.url));

const command = new Command('xbd:bench')
  .description(
    'Times reading a TIFF, whole and a window, opening included and nothing cached; and ' +
      'rasterio beside it, in turns, checking that the pixels are equal.',
  )
  .requiredOption('--file <tiff>', 'what to read', fromCaller)
  .option('--peer <python>', 'a Python with rasterio')
  .option('--window <pixels>', 'edge of the window', wholeNumber(1), 256)
  .option('--pairs <n>', 'measurements, each of ours and of the peer in turns', wholeNumber(1), 9)
  .option('--reads <n>', 'reads a measurement; their median counts', wholeNumber(1), 11)
  .option('--json', 'print one JSON line')
  .addHelpText(
    'after',
    `
Example:
  npx nx run xbd:bench -- --file tile.tif --peer python3 --json`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
const rounded = (value: number) => Math.round(value * 100) / 100;

async function timeOurs(
  file: string,
  window: Window | undefined,
  reads: number,
): Promise<{ ms: number; sha256: string }> {
  const times: number[] = [];
  let sha256 = '';
  for (let i = 0; i < reads; i++) {
    const start = performance.now();
    const tiff = await openTiff(file, createBlockCache(0));
    const { width, height } = tiff.structure;
    const samples = await tiff.read(window ?? { x: 0, y: 0, width, height });
    times.push(performance.now() - start);
    if (i === reads - 1)
      sha256 = createHash('sha256')
        .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
        .digest('hex');
  }
  return { ms: median(times), sha256 };
}

function openPeer(
  python: string,
  file: string,
  { x, y, width, height }: Window,
): { time: (what: string, reads: number) => Promise<Timing>; close: () => void } {
  const child = spawn(python, [script, file, ...[x, y, width, height].map(String)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', (error) => {
      reject(new Error(`--peer: expected a Python with rasterio, got: ${error.message}`));
    });
    child.on('close', (code) => {
      reject(
        new Error(
          `--peer ${python}: expected it to time its reads, got exit code ${code ?? '?'}: ` +
            `${errors.trim().split('\n').at(-1) ?? ''}`,
        ),
      );
    });
  });
  ended.catch(() => undefined); // told to whoever asks next
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async time(what, reads) {
      child.stdin.write(`${what} ${reads}\n`);
      const line = await Promise.race([lines.next(), ended]);
      return line.done ? ended : (JSON.parse(line.value) as Timing);
    },
    close() {
      child.removeAllListeners('close');
      child.kill();
    },
  };
}

async function main({
  file,
  peer: python,
  window: edge,
  pairs,
  reads,
  json,
}: Flags): Promise<void> {
  const tiff = await openTiff(file, createBlockCache(0));
  const { width, height, compression, tiled } = tiff.structure;
  const size = { width: Math.min(edge, width), height: Math.min(edge, height) };
  // Neither at the file's beginning nor at a block's.
  const window = {
    x: Math.min(300, width - size.width),
    y: Math.min(300, height - size.height),
    ...size,
  };
  const peer =
    python === undefined
      ? undefined
      : openPeer(python.includes('/') ? fromCaller(python) : python, file, window);
  const result: Record<string, unknown> = {
    file,
    width,
    height,
    compression,
    layout: tiled ? 'tiles' : 'strips',
    pairs,
  };
  try {
    for (const what of ['full', 'window'] as const) {
      const area = what === 'window' ? window : undefined;
      await timeOurs(file, area, reads);
      await peer?.time(what, reads);
      const ours: number[] = [];
      const theirs: number[] = [];
      let equal: boolean | undefined;
      for (let i = 0; i < pairs; i++) {
        const mine = await timeOurs(file, area, reads);
        ours.push(mine.ms);
        const other = await peer?.time(what, reads);
        if (other) {
          theirs.push(other.ms);
          equal = mine.sha256 === other.sha256;
          result['peer'] = `rasterio ${other.version}`;
        }
      }
      result[`${what}Ms`] = rounded(median(ours));
      if (peer)
        Object.assign(result, {
          [`${what}PeerMs`]: rounded(median(theirs)),
          [`${what}Ratio`]: rounded(median(theirs.map((ms, i) => ms / (ours[i] as number)))),
          [`${what}Equal`]: equal,
        });
    }
  } finally {
    peer?.close();
  }
  if (json) console.log(JSON.stringify({ ...result, node: process.version }));
  else {
    for (const what of ['full', 'window'])
      console.log(
        `${what}: ${String(result[`${what}Ms`])} ` +
          `ms${peer ? `; ${String(result['peer'])} ${String(result[`${what}PeerMs`])} ms, ` + `${String(result[`${what}Ratio`])} : 1, pixels ` + `${result[`${what}Equal`] === true ? 'equal' : 'DIFFER'}` : ''}`,
      );
  }
  if (['full', 'window'].some((what) => result[`${what}Equal`] === false))
    throw new Error(`${file}: expected rasterio's pixels, got others`);
}

main(command.opts<Flags>()).catch(failAs('xbd:bench'));
