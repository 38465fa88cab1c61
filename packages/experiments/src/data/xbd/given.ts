import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { callerPath } from '@noisy-pairs/command-line';
import { indexXbd, readIndex, writeIndex, type Crop } from '@noisy-pairs/xbd';
import type { DataFlags, GivenData, PanelData } from '../kind.ts';
import { xbdCache, xbdCrops } from './crops.ts';
import type { XbdData } from './schema.ts';

/** xBD by the index of its archives, made if there is none yet. */
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
  const { root } = await readIndex(index);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${index}: expected the folder of its files at ${root}, got none`);
  await sayCrops({ ...data, index }, imageNoises[0] ?? 0, say);
  return { data: { ...data, index }, noisyShares };
}

/** xBD as the recipe has it, with its index. */
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

async function sayCrops(
  data: XbdData,
  imageNoise: number,
  say: (line: string) => void,
): Promise<void> {
  const index = await readIndex(data.index);
  const { crops, refused } = await xbdCrops(index, data, 'train', imageNoise, 0);
  const count = (tag: Crop['tag']) => crops.filter((crop) => crop.tag === tag).length;
  say(
    `${crops.length} crops of ${data.size} px for seed 0 (${refused.nodata} refused for ` +
      `nodata): ${count('noisy')} damaged, ${count('clean')} undamaged, ${count('other')} with ` +
      `less damage, ${count('unknown')} un-classified`,
  );
}
