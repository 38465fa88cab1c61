#!/usr/bin/env node
import { callerPath, openCommand, openProgressBar, runCommand } from '@noisy-pairs/command-line';
import { indexOptionsOf, withIndexFlags } from './flags/index-flags.ts';
import { indexFolder } from '../index/index-folder.ts';
import { writeFolderIndex } from '../index/write-index.ts';
import { indexLines, leftOutLines } from './report/index-lines.ts';

const command = withIndexFlags(
  openCommand(
    'folders:index',
    'Finds pairs of images below a folder, by the first of these that finds any: a list; folders ' +
      'as A and B; names as x_pre and x_post; a folder a place, by dates. Says what is left out.',
    [
      'npx nx run folders:index -- --root ~/pairs --out ~/pairs.jsonl',
      'npx nx run folders:index -- --root ~/hrscd --first images/2006 --second images/2012',
      'npx nx run folders:index -- --root ~/seco --dates all --split 0.2',
      'npx nx run folders:index -- --root ~/oscd --stretch --bands 4,3,2',
    ],
  ),
)
  .requiredOption('--root <folder>', 'where the images are', callerPath)
  .option('--out <file>', 'writes the index there, for other commands and programs', callerPath)
  .option('--all', 'shows every file that is left out')
  .option('--json', 'print one JSON line instead');

await runCommand(command, async ({ root, out, all = false, json = false, ...flags }) => {
  const options = indexOptionsOf(flags);
  const bar = openProgressBar('pairs');
  const onProgress = json ? {} : { onProgress: bar.update };
  const index = await indexFolder(root, { ...options, ...onProgress }).finally(bar.stop);
  if (out !== undefined) await writeFolderIndex(out, index);
  if (json) {
    const { rule, found, notes, files, pairs } = index;
    console.log(JSON.stringify({ rule, found, pairs: pairs.length, files, notes }));
    return;
  }
  for (const line of [...leftOutLines(index.leftOut, all), ...indexLines(index)]) console.log(line);
  if (out !== undefined) console.log(out);
});
