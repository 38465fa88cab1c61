#!/usr/bin/env node
import { resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { generateDataset } from './dataset.ts';
import type { TextureOptions } from './options.ts';

interface Flags {
  out: string;
  count: number;
  seed: number;
  size: number;
  cells: number;
  noise: number;
  textures?: string;
  classes?: string[];
  noiseClass?: string;
  families: number;
  instances: number;
  workers: number;
}

/** Nx starts programs in the workspace root; npm and npx leave the caller's folder in INIT_CWD. */
const fromCaller = (path: string) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

function number(low: number, high: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`expected a ${whole ? 'whole ' : ''}number in ${low}..${high}, got ${text}.`);
    }
    return value;
  };
}

const command = new Command('vts:generate')
  .description('Voronoi texture segmentation: images of two textures, their noisy versions (some cells filled with a third texture), and masks.')
  .requiredOption('--out <folder>', 'where to write; a folder with part of the same data set is completed', fromCaller)
  .option('--count <n>', 'number of images', number(1, 1_000_000, true), 100)
  .option('--seed <n>', 'seed of everything that is drawn', number(0, Number.MAX_SAFE_INTEGER, true), 0)
  .option('--size <pixels>', 'edge of an image', number(8, 4096, true), 256)
  .option('--cells <n>', 'Voronoi cells an image', number(1, 65535, true), 20)
  .option('--noise <share>', 'r_img: share of a noisy image\'s cells that are noise', number(0, 1, false), 0.5)
  .option('--textures <folder>', 'texture images CLASS/*.png|jpg or CLASS.png|jpg; without it, built-in families are used', fromCaller)
  .option('--classes <a,b>', 'classes to use from the texture folder', (text) => text.split(','))
  .option('--noise-class <c>', 'the class of the texture folder that is the noise')
  .option('--families <n>', 'built-in texture classes', number(2, 4, true), 2)
  .option('--instances <n>', 'built-in texture images a class', number(1, 10_000, true), 48)
  .option('--workers <n>', 'images in the making at once; the files do not depend on it', number(1, 64, true), 4)
  .addHelpText('after', `
Writes clean/, noisy/, masks/ (class ids), noise-masks/ (0 or 255), manifest.jsonl, dataset.json and preview.png.

Examples:
  nx run vts:generate -- --out vts --count 1000 --noise 0.5
  nx run vts:generate -- --out photos --textures textures --classes brick,grass --noise-class gravel`)
  .showHelpAfterError('(--help lists the options)')
  .parse();

function texturesOf({ textures, classes, noiseClass, families, instances }: Flags): TextureOptions {
  if (textures === undefined) {
    if (classes ?? noiseClass) throw new Error('--classes and --noise-class: expected --textures with them, got none');
    return { kind: 'procedural', classes: families, instances };
  }
  if (!classes || noiseClass === undefined) throw new Error('--textures: expected --classes and --noise-class with it, got none');
  return { kind: 'folder', dir: textures, classes, noiseClass };
}

async function main(flags: Flags): Promise<void> {
  const { out, count, seed, size, cells, noise, workers } = flags;
  const textures = texturesOf(flags);
  const bar = new SingleBar({ format: '{bar} {percentage} % | {value}/{total} images | {eta_formatted} left', hideCursor: true, noTTYOutput: true, notTTYSchedule: 5000 });
  let started = false;
  try {
    const { made, kept } = await generateDataset({
      out, length: count, seed, size, cells, imageNoise: noise, textures, workers,
      onProgress: (done) => {
        if (!started) bar.start(count, 0);
        started = true;
        bar.update(done);
      },
    });
    if (started) bar.stop();
    console.log(`${made} images made${kept > 0 ? `, ${kept} were there already` : ''}: ${out} (look at preview.png)`);
  } catch (error) {
    if (started) bar.stop();
    throw error;
  }
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`vts:generate: ${(error as Error).message}`);
  process.exitCode = 1;
});
