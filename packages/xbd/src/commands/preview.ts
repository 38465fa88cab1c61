#!/usr/bin/env node
import { join } from 'node:path';
import { writePng } from '@noisy-pairs/imaging';
import { Command, Option } from 'commander';
import { cropPairs, type NoiseMeasure } from '../sources/crops.ts';
import { openMaskCache } from '../labels/mask-cache.ts';
import { pairPreview } from '../preview.ts';
import { readTile } from '../tiles/tile.ts';
import { indexXbd } from '../index/xbd-index.ts';
import { failAs, fromCaller, wholeNumber } from './options.ts';

interface Flags {
  readonly root: string;
  readonly pair: string;
  readonly out: string;
  readonly size: number;
  readonly measure: NoiseMeasure;
}

const command = new Command('xbd:preview')
  .description(
    'Draws a pair: before, after, and the damage over it (green none, yellow minor, orange ' +
      'major, red destroyed, grey unknown) with the noise of each crop.',
  )
  .requiredOption('--root <folder>', 'where the archives were unpacked', fromCaller)
  .requiredOption('--pair <stem>', 'e.g. joplin-tornado_00000000; with several splits SPLIT/STEM')
  .requiredOption('--out <file>', 'the PNG to write', fromCaller)
  .option('--size <pixels>', 'edge of the crops', wholeNumber(1), 256)
  .addOption(
    new Option('--measure <kind>', 'what the noise of a crop is')
      .choices(['pixels', 'building-pixels', 'buildings'])
      .default('building-pixels'),
  )
  .addHelpText(
    'after',
    `
Example:
  npx nx run xbd:preview -- --root ~/xbd --pair joplin-tornado_00000000 --out pair.png`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

async function main({ root, pair: name, out, size, measure }: Flags): Promise<void> {
  const { pairs, problems } = await indexXbd(root);
  const pair = pairs.find(({ split, stem }) => stem === name || `${split}/${stem}` === name);
  if (!pair) {
    const problem = problems.find(
      ({ split, stem, fatal }) => fatal && (stem === name || `${split}/${stem}` === name),
    );
    throw new Error(
      problem
        ? `${name}: no pair: ${problem.file ? `${problem.file}: ` : ''}${problem.what}`
        : `${name}: expected one of ${pairs.length} pairs below ${root} (as ${pairs
            .slice(0, 3)
            .map(({ stem }) => stem)
            .join(', ')}), got none of that name`,
    );
  }
  const masks = openMaskCache();
  const { crops, refused } = await cropPairs(root, [pair], masks, { size, measure });
  const [pre, post, mask] = await Promise.all([
    readTile(join(root, pair.pre)),
    readTile(join(root, pair.post)),
    masks.damage(join(root, pair.postLabel), pair.width, pair.height),
  ]);
  await writePng(out, pairPreview(pre, post, mask, crops));
  const count = (kind: string) => crops.filter((crop) => crop.kind === kind).length;
  console.log(
    `${pair.stem}: ${crops.length} crops of ${size} px: ${count('clean')} clean, ` +
      `${count('noisy')} noisy, ${count('unknown')} unknown; ${refused.nodata} refused for ` +
      `nodata; ${out}`,
  );
}

main(command.opts<Flags>()).catch(failAs('xbd:preview'));
