#!/usr/bin/env node
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  callerPath,
  decimalNumber,
  openCommand,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { Random, writeFileAtomic } from '@noisy-pairs/imaging';
import { checkSet, hogScorer, nccScorer, scorePage, scoreSet, validate } from '@noisy-pairs/scores';
import { vtsScoredPairs } from '../pairs/scored-pairs.ts';

const command = openCommand(
  'vts:score',
  'Tests noise scores on made-up pairs, of which every second one is noisy, and writes the page ' +
    'that folders:score writes of your own.',
  ['npx nx run vts:score -- --noise 0.25 --nuisance --out scores'],
  ['Without --nuisance clean pairs are the same pixels, and the test is void.'],
)
  .requiredOption('--out <folder>', 'where scores.html is written', callerPath)
  .option('--count <n>', 'number of pairs', wholeNumber(2, 100_000), 200)
  .option('--size <pixels>', 'edge of an image', wholeNumber(32, 4096), 256)
  .option('--noise <share>', "r_img: share of a noisy image's cells", decimalNumber(0, 1), 0.25)
  .option('--nuisance', 'gain, gamma, blur, noise and shift of every second image')
  .option('--seed <n>', 'of everything that is drawn', wholeNumber(0), 0);

await runCommand(command, async ({ out, count, size, noise, nuisance, seed }) => {
  const options = { size, seed, length: count, imageNoise: noise };
  const set = await vtsScoredPairs(nuisance ? { ...options, nuisance: {} } : options);
  const random = Random.from(seed);
  const scored = await scoreSet(set, 0, [hogScorer, nccScorer]);
  const alarms = await checkSet(set, scored, random.split('alarms'));
  const validation = validate(scored, hogScorer.name, random.split('validation'));
  const shown = { set, size: 0, scored, scorer: hogScorer, alarms, validation };
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'scores.html'), await scorePage({ ...shown, review: undefined }));
  console.log(join(out, 'scores.html'));
});
