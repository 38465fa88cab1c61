#!/usr/bin/env node
import { Command, Option } from 'commander';
import { writeSampleSet, type SampleOptions } from '../sample/sample-set.ts';
import { failAs, fromCaller, wholeNumber } from './options.ts';
import { openBar } from './progress.ts';

const command = new Command('xbd:sample')
  .description(
    'Writes made-up places in the exact layouts of xBD, for trying every command without the ' +
      'download. Nothing in it is real.',
  )
  .requiredOption('--out <folder>', 'where to write', fromCaller)
  .option('--tiles <n>', 'places; a place is two images', wholeNumber(1), 40)
  .option('--seed <n>', 'of everything that is drawn', wholeNumber(0), 0)
  .option('--size <pixels>', "edge of an image; xBD's are 1024", wholeNumber(64), 1024)
  .addOption(
    new Option(
      '--layout <kind>',
      'png: train, tier3, test, hold; geotiff: geotiffs/tier1, ...; or both',
    )
      .choices(['png', 'geotiff', 'both'])
      .default('png'),
  )
  .addHelpText(
    'after',
    `
Example:
  npx nx run xbd:sample -- --out /tmp/xbd --tiles 40 && npx nx run xbd:index -- --root /tmp/xbd`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

async function main(flags: Omit<SampleOptions, 'onProgress'>): Promise<void> {
  const bar = openBar('places');
  await writeSampleSet({ ...flags, onProgress: bar.update }).finally(bar.stop);
  console.log(`${flags.tiles} synthetic places: ${flags.out}`);
}

main(command.opts<Omit<SampleOptions, 'onProgress'>>()).catch(failAs('xbd:sample'));
