#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { installRuntime } from './runtime/install.ts';
import { lastLine, runProgram } from './runtime/program.ts';
import type { Device } from './runtime/release.ts';

const { device } = new Command('engine:runtime')
  .description('Gets the native TensorFlow library, builds the binding to it, and tries both. Does only what is not done yet.')
  .addOption(new Option('--device <kind>', 'cpu, or gpu with CUDA libraries (untried on a GPU)').choices(['cpu', 'gpu']).default(process.env['NOISY_PAIRS_DEVICE'] ?? 'cpu'))
  .addHelpText('after', `
The library is kept in XDG_CACHE_HOME or ~/.cache, below noisy-pairs. NOISY_PAIRS_LIBTENSORFLOW=FOLDER takes FOLDER/lib and FOLDER/include
instead; NOISY_PAIRS_DEVICE=gpu makes the GPU build the default.`)
  .parse()
  .opts<{ device: Device }>();

try {
  const { folder } = await installRuntime({ device, say: (line) => { console.log(line); } });
  // At the lowest log level TensorFlow says whether oneDNN is on.
  const { code, output } = await runProgram(process.execPath, [fileURLToPath(new URL('../dist/runtime/probe.js', import.meta.url))], { env: { ...process.env, NOISY_PAIRS_CHATTER: '1' } });
  const line = output.split('\n').find((text) => text.startsWith('{"version"'));
  if (code !== 0 || line === undefined) throw new Error(`runtime: expected the library to load and compute, got: ${lastLine(output)}`);
  const { version, devices } = JSON.parse(line) as { version: string; devices: string[] };
  console.log(`TensorFlow ${version}, oneDNN ${/oneDNN custom operations are on/.test(output) ? 'on' : 'off'}, devices ${devices.join(', ')}, ${folder}`);
} catch (error) {
  console.error(`engine:runtime: ${(error as Error).message}`);
  process.exitCode = 1;
}
