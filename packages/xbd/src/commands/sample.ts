#!/usr/bin/env node
import {
  callerPath,
  openCommand,
  openProgressBar,
  Option,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { writeSampleSet } from '../sample/sample-set.ts';

const command = openCommand(
  'xbd:sample',
  'Writes made-up places in the exact layouts of xBD, for trying every command without the ' +
    'download. Nothing in it is real.',
  ['npx nx run xbd:sample -- --out /tmp/xbd --tiles 40 && npx nx run xbd:index -- --root /tmp/xbd'],
)
  .requiredOption('--out <folder>', 'where to write', callerPath)
  .option('--tiles <n>', 'places; a place is two images', wholeNumber(1), 40)
  .option('--seed <n>', 'of everything that is drawn', wholeNumber(0), 0)
  .option('--size <pixels>', "edge of an image; xBD's are 1024", wholeNumber(64), 1024)
  .addOption(
    new Option(
      '--layout <name>',
      'png: train, tier3, test, hold; geotiff: geotiffs/tier1, ...; or both',
    )
      .choices(['png', 'geotiff', 'both'] as const)
      .default('png' as const),
  )
  .option(
    '--damage <share>',
    'damage as a share of what the events do, 0..1; 0: none, a control',
    Number,
    1,
  )
  .option(
    '--hide-damage',
    'damage in the labels alone, which no image shows: a control in which it cannot hurt',
  );

await runCommand(command, async (flags) => {
  const bar = openProgressBar('places');
  await writeSampleSet({ ...flags, onProgress: bar.update }).finally(bar.stop);
  console.log(`${flags.tiles} synthetic places: ${flags.out}`);
});
