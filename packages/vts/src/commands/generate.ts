#!/usr/bin/env node
import { resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { generateDataset } from '../dataset/dataset.ts';
import { numberOption } from './number-option.ts';
import type { TextureOptions } from '../options.ts';

interface Flags {
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly split?: string;
  readonly size: number;
  readonly cells: number;
  readonly noise: number;
  readonly textures?: string;
  readonly classes?: string[];
  readonly noiseClass?: string;
  readonly families?: number;
  readonly instances?: number;
  readonly workers: number;
}

/** Nx starts programs in the workspace root; npm and npx leave the caller's folder in INIT_CWD. */
const fromCaller = (path: string) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

const command = new Command('vts:generate')
  .configureOutput({
    outputError: (text, write) => {
      write(`${text.trimEnd().replaceAll('\n', ' ')}\n`);
    },
  }) // one line, with what may have been meant
  .description(
    'Voronoi texture segmentation: images of two textures, their noisy versions (some cells ' +
      'filled with a third texture), and masks.',
  )
  .requiredOption(
    '--out <folder>',
    'where to write; a folder with part of the same data set is completed',
    fromCaller,
  )
  .option('--count <n>', 'number of images', numberOption(1, 1_000_000, 'whole'), 100)
  .option(
    '--seed <n>',
    'of everything that is drawn',
    numberOption(0, Number.MAX_SAFE_INTEGER, 'whole'),
    0,
  )
  .option(
    '--split <name>',
    'another name gives other images (and built-in textures) of the same seed, e.g. train, test',
  )
  .option('--size <pixels>', 'edge of an image', numberOption(8, 4096, 'whole'), 256)
  .option('--cells <n>', 'Voronoi cells an image', numberOption(1, 65535, 'whole'), 20)
  .option(
    '--noise <share>',
    "r_img: share of a noisy image's cells that show the noise texture",
    numberOption(0, 1, 'fraction'),
    0.5,
  )
  .option(
    '--textures <folder>',
    'texture images CLASS/*.png|jpg or CLASS.png|jpg, each at least as large as the images',
    fromCaller,
  )
  .option('--classes <a,b>', 'classes to use from the texture folder, two or more', (text) =>
    text.split(','),
  )
  .option('--noise-class <c>', 'the class of the texture folder that is the noise')
  .option(
    '--families <n>',
    'number of built-in texture classes, without --textures (default: 2)',
    numberOption(2, 4, 'whole'),
  )
  .option(
    '--instances <n>',
    'built-in texture images a class, without --textures (default: 48)',
    numberOption(1, 10_000, 'whole'),
  )
  .option(
    '--workers <n>',
    'images in the making at once; the files do not depend on it',
    numberOption(1, 64, 'whole'),
    4,
  )
  .addHelpText(
    'after',
    `
Writes clean/, noisy/, masks/ (class ids), noise-masks/ (0 or 255), manifest.jsonl, dataset.json and preview.png.

Examples:
  npx nx run vts:generate -- --out vts --count 1000 --noise 0.5
  npx nx run vts:generate -- --out photos --textures textures --classes brick,grass --noise-class gravel`,
  )
  .parse();

function texturesOf({ textures, classes, noiseClass, families, instances }: Flags): TextureOptions {
  if (textures === undefined) {
    if (classes !== undefined || noiseClass !== undefined)
      throw new Error('--classes and --noise-class: expected --textures with them, got none');
    return {
      kind: 'procedural',
      ...(families !== undefined && { classes: families }),
      ...(instances !== undefined && { instances }),
    };
  }
  if (families !== undefined || instances !== undefined)
    throw new Error('--families and --instances: expected no --textures with them, got a folder');
  if (classes === undefined || noiseClass === undefined)
    throw new Error('--textures: expected --classes and --noise-class with it, got none');
  return { kind: 'folder', dir: textures, classes, noiseClass };
}

async function main(flags: Flags): Promise<void> {
  const { out, count, seed, split, size, cells, noise, workers } = flags;
  const textures = texturesOf(flags);
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % | {value}/{total} images | {eta_formatted} left',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
    },
    Presets.shades_classic,
  );
  try {
    const { made, kept } = await generateDataset({
      out,
      length: count,
      seed,
      size,
      cells,
      imageNoise: noise,
      textures,
      workers,
      ...(split !== undefined && { split }),
      onProgress: (done) => {
        if (!bar.isActive) bar.start(count, 0);
        bar.update(done);
      },
    });
    bar.stop();
    console.log(
      `${made} images made${kept > 0 ? `, ${kept} were there already` : ''}: ${out} (look at ` +
        'preview.png)',
    );
  } finally {
    bar.stop();
  }
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`vts:generate: ${(error as Error).message}`);
  process.exitCode = 1;
});
