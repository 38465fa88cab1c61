import { Command } from 'commander';
import { createGenerator } from './generator.ts';
import { completeOptions } from './options.ts';
import { openTextures } from './textures.ts';

interface Flags {
  count: string;
  size: string;
  cells: string;
  json?: true;
}

const flags = new Command('vts:bench')
  .description('Times the generator: clean and noisy image and both masks, one thread, r_img 0.5, textures in memory.')
  .option('--count <n>', 'images to time', '1500')
  .option('--size <pixels>', 'edge of an image', '256')
  .option('--cells <n>', 'Voronoi cells an image', '20')
  .option('--json', 'print one JSON line')
  .parse()
  .opts<Flags>();
const [count, size, cells] = [flags.count, flags.size, flags.cells].map(Number) as [number, number, number];

const options = completeOptions({ size, cells, imageNoise: 0.5, seed: 0, length: count, textures: { kind: 'procedural', instances: 4 } });
const generate = createGenerator(options, await openTextures(options));
const canvas = { clean: new Uint8Array(size * size * 3), noisy: new Uint8Array(size * size * 3), mask: new Uint8Array(size * size), noiseMask: new Uint8Array(size * size) };
for (let i = 0; i < 100; i++) generate(i, canvas); // until the code is compiled
const start = performance.now();
for (let i = 0; i < count; i++) generate(i, canvas);
const seconds = (performance.now() - start) / 1000;
const pairsPerSecond = Math.round((count / seconds) * 10) / 10;
console.log(flags.json ? JSON.stringify({ pairsPerSecond, count, size, cells, seconds: Math.round(seconds * 1000) / 1000, node: process.version }) : `${pairsPerSecond} pairs/s (${count} of ${size} px, ${cells} cells)`);
