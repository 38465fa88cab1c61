#!/usr/bin/env node
import { openCommand, runCommand, wholeNumber } from '@noisy-pairs/command-line';
import { createRaster, Random } from '@noisy-pairs/imaging';
import { hogScorer, nccScorer, scoresBy } from '../set/pair-scorer.ts';

const command = openCommand(
  'scores:bench',
  'Times the scores of pairs of random pixels, one thread: milliseconds a pair.',
  ['npx nx run scores:bench -- --size 256 --json'],
)
  .option('--size <pixels>', 'edge of an image', wholeNumber(32, 4096), 256)
  .option('--count <n>', 'pairs to time', wholeNumber(1, 100_000), 100)
  .option('--json', 'print one JSON line');

await runCommand(command, async ({ size, count, json }) => {
  const random = Random.from(0);
  const image = () => {
    const raster = createRaster(size, size, 3);
    raster.data.forEach((_, i) => {
      raster.data[i] = random.int(256);
    });
    return raster;
  };
  const [first, second] = [image(), image()];
  const times: Record<string, number> = {};
  for (const scorer of [hogScorer, nccScorer]) {
    for (let i = 0; i < 10; i++) await scoresBy(scorer, first, second); // until it is compiled
    const start = performance.now();
    for (let i = 0; i < count; i++) await scoresBy(scorer, first, second);
    times[scorer.name] = Math.round(((performance.now() - start) / count) * 100) / 100;
  }
  if (json) {
    console.log(JSON.stringify({ milliseconds: times, size, count, node: process.version }));
    return;
  }
  for (const [name, time] of Object.entries(times))
    console.log(`${name} ${time} ms a pair (${count} of ${size} px)`);
});
