#!/usr/bin/env node
import {
  callerPath,
  openCommand,
  openProgressBar,
  Option,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { indexOptionsOf, withIndexFlags } from './flags/index-flags.ts';
import { indexFolder } from '../index/index-folder.ts';
import { openFolderIndex } from '../index/open-index.ts';
import { scoreFolder } from '../scores/score-folder.ts';

const command = withIndexFlags(
  openCommand(
    'folders:score',
    'Scores how much the images of each pair seem to differ, checks the set as a whole, and says ' +
      'how far the scores can be trusted on it. A score sorts pairs; it does not say how many ' +
      'are noisy.',
    [
      'npx nx run folders:score -- --root ~/pairs --out scores',
      'npx nx run folders:score -- --index pairs.jsonl --review 60 --out scores',
      'npx nx run folders:score -- --index pairs.jsonl --reviewed reviewed.json --out scores',
    ],
    ['Writes scores.csv, scores.html and, with --review, review.html.'],
  ),
)
  .option('--root <folder>', 'where the images are', callerPath)
  .option('--index <file>', 'what folders:index has written, in place of --root', callerPath)
  .requiredOption('--out <folder>', 'where to write', callerPath)
  .option('--size <pixels>', 'edge of the crops; 0: whole images', wholeNumber(0, 4096), 64)
  .addOption(
    new Option('--score <name>', 'hog: directions of gradients; ncc: correlation')
      .choices(['hog', 'ncc'] as const)
      .default('hog' as const),
  )
  .option('--review <n>', 'also a page of n crops by chance to mark by hand', wholeNumber(1, 1000))
  .option('--reviewed <file>', 'marks that the page has saved', callerPath)
  .option('--seed <n>', 'of what is drawn by chance', wholeNumber(0), 0);

await runCommand(command, async (options) => {
  const { root, index: file, out, size, score, review, reviewed, seed, ...flags } = options;
  const bar = openProgressBar('pairs');
  try {
    const index = await openIndex();
    const told = {
      onProgress: (done: number, of: number) => {
        bar.update(done, of, 'scored');
      },
    };
    const lines = await scoreFolder(index, { size, out, score, review, reviewed, seed, ...told });
    bar.stop();
    for (const line of lines) console.log(line);
  } finally {
    bar.stop();
  }

  /** @throws if not exactly one of --root and --index is given */
  async function openIndex() {
    if ((root === undefined) === (file === undefined))
      throw new Error(`expected --root or --index, got ${root === undefined ? 'neither' : 'both'}`);
    if (file === undefined)
      return await indexFolder(root ?? '', { ...indexOptionsOf(flags), onProgress: bar.update });
    const [given] = Object.keys(flags);
    if (given !== undefined)
      throw new Error(`--${given}: expected with --root, got --index, which says all of that`);
    return await openFolderIndex(file);
  }
});
