import { Command } from 'commander';
import { createGenerator } from '../generator.ts';
import { numberOption } from './number-option.ts';
import { completeOptions } from '../options.ts';
import { openTextures, type TextureBank } from '../textures/textures.ts';

interface Flags {
  readonly count: number;
  readonly size: number;
  readonly cells: number;
  readonly json?: true;
}

const INSTANCES = 8;

const { count, size, cells, json } = new Command('vts:bench')
  .description(
    'Times the generator: clean and noisy image and both masks, one thread, r_img 0.5, ' +
      'textures in memory.',
  )
  .option('--count <n>', 'images to time', numberOption(1, 1_000_000, 'whole'), 2000)
  .option('--size <pixels>', 'edge of an image', numberOption(8, 4096, 'whole'), 256)
  .option('--cells <n>', 'Voronoi cells an image', numberOption(1, 65535, 'whole'), 20)
  .option('--json', 'print one JSON line')
  .parse()
  .opts<Flags>();

const options = completeOptions({
  size,
  cells,
  imageNoise: 0.5,
  seed: 0,
  length: count,
  textures: { kind: 'procedural', instances: INSTANCES },
});
const textures = await openTextures(options);
// the bank is made when first asked for
for (let i = 0; i < INSTANCES; i++) textures.banks.forEach((bank: TextureBank) => bank.get(i));
const generate = createGenerator(options, textures);
const pixels = size * size;
const canvas = {
  clean: new Uint8Array(3 * pixels),
  noisy: new Uint8Array(3 * pixels),
  mask: new Uint8Array(pixels),
  noiseMask: new Uint8Array(pixels),
};
for (let i = 0; i < 200; i++) generate(i, canvas); // until the code is compiled

const start = performance.now();
for (let i = 0; i < count; i++) generate(i, canvas);
const seconds = (performance.now() - start) / 1000;
const pairsPerSecond = Math.round((count / seconds) * 10) / 10;
console.log(
  json
    ? JSON.stringify({
        pairsPerSecond,
        count,
        size,
        cells,
        imageNoise: 0.5,
        seconds: Math.round(seconds * 1000) / 1000,
        node: process.version,
      })
    : `${pairsPerSecond} pairs/s (${count} of ${size} px, ${cells} cells)`,
);
