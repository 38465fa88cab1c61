#!/usr/bin/env node
import {
  callerPath,
  callerExecutable,
  openCommand,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { compareReads, type AreaTimes, type ReadComparison } from '../bench/compare-reads.ts';

const command = openCommand(
  'geo:bench',
  'Times reading a TIFF, whole and a window, opening included and nothing cached; and ' +
    'rasterio beside it, in turns, checking that the pixels are equal.',
  ['npx nx run geo:bench -- --file tile.tif --peer python3 --json'],
)
  .requiredOption('--file <tiff>', 'what to read', callerPath)
  .option('--peer <python>', 'a Python with rasterio', callerExecutable)
  .option('--window <pixels>', 'edge of the window', wholeNumber(1), 256)
  .option('--pairs <n>', 'measurements, each of ours and of the peer in turns', wholeNumber(1), 9)
  .option('--reads <n>', 'reads a measurement; their median counts', wholeNumber(1), 11)
  .option('--json', 'print one JSON line');

const areas = ['full', 'window'] as const;
const rounded = (value: number) => Math.round(value * 100) / 100;

function jsonOf({ full, window, ...file }: ReadComparison): object {
  const flat = (area: string, { ms, peer }: AreaTimes) => ({
    [`${area}Ms`]: rounded(ms),
    ...(peer && {
      peer: `rasterio ${peer.version}`,
      [`${area}PeerMs`]: rounded(peer.ms),
      [`${area}Ratio`]: rounded(peer.ratio),
      [`${area}Equal`]: peer.equal,
    }),
  });
  return { ...file, ...flat('full', full), ...flat('window', window), node: process.version };
}

function lineOf(area: string, { ms, peer }: AreaTimes): string {
  const line = `${area}: ${rounded(ms)} ms`;
  if (!peer) return line;
  const times = `rasterio ${peer.version} ${rounded(peer.ms)} ms, ${rounded(peer.ratio)} : 1`;
  return `${line}; ${times}, pixels ${peer.equal ? 'equal' : 'DIFFER'}`;
}

await runCommand(command, async ({ file, peer: python, window: edge, pairs, reads, json }) => {
  const compared = await compareReads({ file, python, edge, pairs, reads });
  if (json) console.log(JSON.stringify({ file, pairs, ...jsonOf(compared) }));
  else for (const area of areas) console.log(lineOf(area, compared[area]));
  if (areas.some((area) => compared[area].peer?.equal === false))
    throw new Error(`${file}: expected rasterio's pixels, got others`);
});
