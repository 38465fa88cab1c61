#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { openCommand, Option, runCommand } from '@noisy-pairs/command-line';
import { lastLine, runChild } from '../runtime/child-process.ts';
import { installRuntime } from '../runtime/install.ts';

const command = openCommand(
  'engine:runtime',
  'Gets the native TensorFlow library, builds the binding to it, and tries both. Does only what ' +
    'is not done yet.',
  [],
  [
    'The library is kept in XDG_CACHE_HOME or ~/.cache, below noisy-pairs.',
    'NOISY_PAIRS_LIBTENSORFLOW=FOLDER takes FOLDER/lib and FOLDER/include instead.',
  ],
).addOption(
  new Option(
    '--device <name>',
    'cpu, or gpu with CUDA libraries (untried on a GPU); remembered, at first cpu',
  ).choices(['cpu', 'gpu'] as const),
);

await runCommand(command, async ({ device }) => {
  const { folder } = await installRuntime({
    device,
    say: (line) => {
      console.log(line);
    },
  });
  const { version, devices, oneDnn } = await tryRuntime(folder);
  console.log(`TensorFlow ${version}, oneDNN ${oneDnn}, devices ${devices.join(', ')}, ${folder}`);
});
process.exit(); // after an error, work whose lock was lost may still be going on

/** Loads the library and computes with it, in a process of its own (runtime/probe.ts). */
async function tryRuntime(folder: string) {
  const probe = fileURLToPath(new URL('../runtime/probe.js', import.meta.url));
  // With its chatter on, TensorFlow says whether oneDNN is.
  const { code, signal, output } = await runChild(process.execPath, [probe], {
    env: { ...process.env, NOISY_PAIRS_CHATTER: '1' },
  });
  const line = output.split('\n').find((text) => text.startsWith('{"version"'));
  if (code !== 0 || line === undefined)
    throw new Error(
      `runtime: expected the library in ${folder} to load and compute, got: ` +
        `${signal === null ? '' : `${signal}, `}${lastLine(output)}`,
    );
  const { version, devices } = JSON.parse(line) as { version: string; devices: string[] };
  const oneDnn = output.includes('oneDNN custom operations are on') ? 'on' : 'off';
  return { version, devices, oneDnn };
}
