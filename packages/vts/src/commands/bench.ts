#!/usr/bin/env node
import { openCommand, runCommand, wholeNumber } from '@noisy-pairs/command-line';
import { completeOptions } from '../options.ts';
import { timeGenerator } from '../time-generator.ts';

const command = openCommand(
  'vts:bench',
  'Times the generator: clean and noisy image and both masks, one thread, r_img 0.5, ' +
    'textures in memory.',
  ['npx nx run vts:bench -- --json'],
)
  .option('--count <n>', 'images to time', wholeNumber(1, 1_000_000), 2000)
  .option('--size <pixels>', 'edge of an image', wholeNumber(8, 4096), 256)
  .option('--cells <n>', 'Voronoi cells an image', wholeNumber(1, 65535), 20)
  .option('--json', 'print one JSON line');

await runCommand(command, async ({ count, size, cells, json }) => {
  const imageNoise = 0.5;
  const textures = { kind: 'procedural', instances: 8 } as const;
  const seconds = await timeGenerator(
    completeOptions({ size, cells, imageNoise, seed: 0, length: count, textures }),
  );
  const pairsPerSecond = Math.round((count / seconds) * 10) / 10;
  if (!json) {
    console.log(`${pairsPerSecond} pairs/s (${count} of ${size} px, ${cells} cells)`);
    return;
  }
  const rounded = Math.round(seconds * 1000) / 1000;
  const setting = { count, size, cells, imageNoise };
  console.log(
    JSON.stringify({ pairsPerSecond, ...setting, seconds: rounded, node: process.version }),
  );
});
