import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { callerPath } from '@noisy-pairs/command-line';
import { indexXbd, readIndex, writeIndex } from '@noisy-pairs/xbd';
import type { DataFlags, GivenData, PanelData } from '../kind.ts';
import { naturalShare, xbdCache, xbdCrops } from './crops.ts';
import type { XbdData } from './schema.ts';

/**
 * xBD by the index of its archives, made if there is none yet, with the natural share of noisy
 * crops among the noisy shares.
 */
export async function givenXbd(
  { data, imageNoises, noisyShares }: PanelData<XbdData>,
  { recipe, data: given }: DataFlags,
  say: (line: string) => void,
): Promise<GivenData<XbdData>> {
  if (given === undefined && data.index !== '') return located(data, noisyShares);
  if (given === undefined)
    throw new Error(
      `--data: expected the folder of xBD's archives with recipe ${recipe}, got none ` +
        '(npx nx run xbd:sample writes a made-up one to try)',
    );
  const about = statSync(given, { throwIfNoEntry: false });
  if (!about) throw new Error(`--data: expected a folder or an index of xBD, got none at ${given}`);
  const index = about.isDirectory() ? await indexFolder(given, say) : given;
  const natural = await findNatural({ ...data, index }, imageNoises[0] ?? 0, say);
  if (!(natural > 0 && natural < 1))
    throw new Error(
      `${given}: expected crops with and without damage, got ` +
        (natural === 0 ? 'none with' : 'none without'),
    );
  return {
    data: { ...data, index },
    noisyShares: [...new Set([natural, ...noisyShares])].sort((a, b) => a - b),
  };
}

/** xBD as the recipe has it, with its index: noisy shares are the recipe's alone. */
async function located(data: XbdData, noisyShares: readonly number[]) {
  const index = callerPath(data.index);
  await readIndex(index);
  return { data: { ...data, index }, noisyShares };
}

/** @returns the file of the index, among what is kept between runs */
async function indexFolder(folder: string, say: (line: string) => void): Promise<string> {
  const index = await indexXbd(folder);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const file = join(xbdCache(), `index-${hash}.json`);
  mkdirSync(xbdCache(), { recursive: true });
  await writeIndex(file, index);
  const fatal = index.problems.filter((problem) => problem.fatal).length;
  say(
    `${folder}: ${index.pairs.length} pairs, ${fatal} problems that cost a pair (npx nx run ` +
      'xbd:index lists them)',
  );
  return file;
}

async function findNatural(
  data: XbdData,
  imageNoise: number,
  say: (line: string) => void,
): Promise<number> {
  const index = await readIndex(data.index);
  const { crops, refused } = await xbdCrops(index, data, 'train', imageNoise, 0);
  const natural = naturalShare(crops);
  say(
    `${crops.length} crops of ${data.size} px for seed 0 (${refused.nodata} refused for ` +
      `nodata), ${(100 * natural).toFixed(0)} % of the classified ones noisy by nature`,
  );
  return natural;
}
