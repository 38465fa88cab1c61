#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { installRuntime } from '../runtime/install.ts';
import { lastLine, runProgram } from '../runtime/child-process.ts';
import type { Device } from '../runtime/release.ts';

const { device } = new Command('engine:runtime')
  .description(
    'Gets the native TensorFlow library, builds the binding to it, and tries both. Does only ' +
      'what is not done yet.',
  )
  .addOption(
    new Option(
      '--device <kind>',
      'cpu, or gpu with CUDA libraries (untried on a GPU); remembered, at first cpu',
    ).choices(['cpu', 'gpu']),
  )
  .addHelpText(
    'after',
    `
The library is kept in XDG_CACHE_HOME or ~/.cache, below noisy-pairs.
NOISY_PAIRS_LIBTENSORFLOW=FOLDER takes FOLDER/lib and FOLDER/include instead.`,
  )
  .parse()
  .opts<{ device?: Device }>();

try {
  const { folder } = await installRuntime({
    device,
    say: (line) => {
      console.log(line);
    },
  });
  // With its chatter on, TensorFlow says whether oneDNN is.
  const probe = fileURLToPath(new URL('../runtime/probe.js', import.meta.url));
  const { code, signal, output } = await runProgram(process.execPath, [probe], {
    env: { ...process.env, NOISY_PAIRS_CHATTER: '1' },
  });
  const line = output.split('\n').find((text) => text.startsWith('{"version"'));
  if (code !== 0 || line === undefined)
    throw new Error(
      `runtime: expected the library in ${folder} to load and compute, got: ` +
        `${signal === null ? '' : `${signal}, `}${lastLine(output)}`,
    );
  const { version, devices } = JSON.parse(line) as { version: string; devices: string[] };
  console.log(
    `TensorFlow ${version}, oneDNN ` +
      `${/oneDNN custom operations are on/.test(output) ? 'on' : 'off'}, devices ` +
      `${devices.join(', ')}, ${folder}`,
  );
} catch (error) {
  console.error(`engine:runtime: ${(error as Error).message.split('\n')[0]}`);
  process.exit(1); // work whose lock was lost may still be going on
}
