#!/usr/bin/env node
import {
  callerPath,
  decimalNumber,
  openCommand,
  openProgressBar,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { generateDataset } from '../dataset/dataset.ts';
import type { TextureOptions } from '../options.ts';
import { chooseTextures } from '../textures/choose-textures.ts';
import { leftOutLine } from '../textures/list-textures.ts';

const command = openCommand(
  'vts:generate',
  'Voronoi texture segmentation: images of two textures, their noisy versions (some cells ' +
    'filled with a third texture), and masks.',
  [
    'npx nx run vts:generate -- --out vts --count 1000 --noise 0.5',
    'npx nx run vts:generate -- --out photos --textures textures --classes brick,grass ' +
      '--noise-class gravel',
  ],
  [
    'Writes clean/, noisy/, masks/ (class ids), noise-masks/ (0 or 255), manifest.jsonl, ' +
      'dataset.json and preview.png.',
  ],
)
  .requiredOption(
    '--out <folder>',
    'where to write; a folder with part of the same data set is completed',
    callerPath,
  )
  .option('--count <n>', 'number of images', wholeNumber(1, 1_000_000), 100)
  .option('--seed <n>', 'of everything that is drawn', wholeNumber(0), 0)
  .option(
    '--split <name>',
    'another name gives other images (and built-in textures) of the same seed, e.g. train, test',
  )
  .option('--size <pixels>', 'edge of an image', wholeNumber(8, 4096), 256)
  .option('--cells <n>', 'Voronoi cells an image', wholeNumber(1, 65535), 20)
  .option(
    '--noise <share>',
    "r_img: share of a noisy image's cells that show the noise texture",
    decimalNumber(0, 1),
    0.5,
  )
  .option(
    '--textures <folder>',
    'texture images CLASS/*.png|jpg or CLASS.png|jpg, each at least as large as the images',
    callerPath,
  )
  .option(
    '--classes <a,b>',
    'classes to use from the texture folder, two or more (default: all but the noise)',
    (text) => text.split(','),
  )
  .option(
    '--noise-class <c>',
    'the class of the texture folder that is the noise (default: gravel or noise, else the last)',
  )
  .option(
    '--families <n>',
    'number of built-in texture classes, without --textures (default: 2)',
    wholeNumber(2, 4),
  )
  .option(
    '--instances <n>',
    'built-in texture images a class, without --textures (default: 48)',
    wholeNumber(1, 10_000),
  )
  .option(
    '--workers <n>',
    'images in the making at once; the files do not depend on it',
    wholeNumber(1, 64),
    4,
  );

/** @throws if flags of folders and of built-in textures are mixed */
function texturesOf(flags: ReturnType<typeof command.opts>): TextureOptions {
  const { textures: dir, size, classes, noiseClass, families, instances } = flags;
  if (dir === undefined) {
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
  return chooseTextures(dir, size, classes, noiseClass);
}

await runCommand(command, async (flags) => {
  const { out, count, seed, split, size, cells, noise, workers } = flags;
  const textures = texturesOf(flags);
  const bar = openProgressBar('images');
  const { made, kept, leftOut } = await generateDataset({
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
      bar.update(done, count);
    },
  }).finally(bar.stop);
  const before = kept > 0 ? `, ${kept} were there already` : '';
  const line = leftOutLine(leftOut);
  if (line !== undefined) console.log(line);
  if (textures.kind === 'folder')
    console.log(`textures: ${textures.classes.join(', ')}; noise ${textures.noiseClass}`);
  console.log(`${made} images made${before}: ${out} (look at preview.png)`);
});
