#!/usr/bin/env node
import { join } from 'node:path';
import {
  callerPath,
  openCommand,
  Option,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { readTile } from '@noisy-pairs/geo';
import { writePng } from '@noisy-pairs/imaging';
import { findPair } from '../index/find-pair.ts';
import { indexXbd } from '../index/index-xbd.ts';
import { openMaskCache } from '../labels/mask-cache.ts';
import { pairPreview } from '../preview.ts';
import { cropPairs, type Crop } from '../sources/crops.ts';
import { requireRoot } from './require-root.ts';

const command = openCommand(
  'xbd:preview',
  'Draws a pair: before, after, and the damage over it (green none, yellow minor, orange ' +
    'major, red destroyed, grey unknown) with the noise of each crop.',
  ['npx nx run xbd:preview -- --root ~/xbd --pair joplin-tornado_00000000 --out pair.png'],
)
  .requiredOption('--root <folder>', 'where the archives were unpacked', callerPath)
  .requiredOption('--pair <stem>', 'e.g. joplin-tornado_00000000; with several splits SPLIT/STEM')
  .requiredOption('--out <file>', 'the PNG to write', callerPath)
  .option('--size <pixels>', 'edge of the crops', wholeNumber(1), 256)
  .addOption(
    new Option('--measure <name>', 'what the noise of a crop is')
      .choices(['pixels', 'building-pixels', 'buildings'] as const)
      .default('building-pixels' as const),
  );

await runCommand(command, async ({ root, pair: name, out, size, measure }) => {
  requireRoot(root);
  const pair = findPair(await indexXbd(root), name);
  const masks = openMaskCache();
  const { crops, refused } = await cropPairs(root, [pair], masks, { size, measure });
  const [pre, post, mask] = await Promise.all([
    readTile(join(root, pair.pre)),
    readTile(join(root, pair.post)),
    masks.damage(join(root, pair.postLabel), pair.width, pair.height),
  ]);
  await writePng(out, pairPreview(pre, post, mask, crops));
  const count = (tag: Crop['tag']) => crops.filter((crop) => crop.tag === tag).length;
  console.log(
    `${pair.stem}: ${crops.length} crops of ${size} px: ${count('clean')} clean, ` +
      `${count('noisy')} noisy, ${count('unknown')} unknown; ${refused.nodata} refused for ` +
      `nodata; ${out}`,
  );
});
