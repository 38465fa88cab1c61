import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { readCrops, type FolderIndex } from '@noisy-pairs/folders';
import { hogScorer, scoresBy } from '@noisy-pairs/scores';
import { z } from 'zod';
import { parseConfig } from '../../config/parse-config.ts';
import { readJsonFile } from '../../run/config-file.ts';

const crop = z.strictObject({
  /** Place in the index's pairs. */
  pair: z.int().min(0),
  x: z.int().min(0),
  y: z.int().min(0),
  /** How much the two images seem to differ: more is less alike. */
  score: z.number(),
  /** Changed pixels over those that the mask knows; null where that is not known. */
  changedShare: z.number().nullable(),
});
export type ScoredCrop = z.infer<typeof crop>;

const scoredCrops = z.strictObject({
  format: z.literal('noisy-pairs/scored-crops'),
  version: z.literal(1),
  /** SHA-256 of the index's pairs. */
  index: z.string().length(64),
  score: z.literal('hog'),
  size: z.int().min(16),
  crops: z.array(crop).min(1),
});
export type ScoredCrops = z.infer<typeof scoredCrops>;

/** SHA-256 of what an index says of its pairs, wherever they lie. */
export const hashOfIndex = ({ pairs, pixels }: FolderIndex): string =>
  createHash('sha256')
    .update(JSON.stringify([pairs, pixels]))
    .digest('hex');

/** @throws naming the file, if it is damaged, or another's */
export function readScoredCrops(file: string): ScoredCrops {
  return parseConfig(scoredCrops, readJsonFile(file), file);
}

/**
 * Crops of an index and their HOG scores; those of the file, where it is of this very index and
 * size.
 * @param file written where it is not there, whole or not at all
 * @throws naming a file that cannot be read, or another index's scores
 */
export async function scoreCrops(
  index: FolderIndex,
  size: number,
  file: string,
  onProgress: (pair: number, of: number) => void = () => undefined,
): Promise<ScoredCrops> {
  const hash = hashOfIndex(index);
  if (existsSync(file)) {
    const found = readScoredCrops(file);
    if (found.index === hash && found.size === size) return found;
    throw new Error(
      `${file}: expected scores of these pairs in ${size} px, got those of others ` +
        `(${found.size} px); choose another --out folder`,
    );
  }
  const crops: ScoredCrop[] = [];
  for await (const { pair, window, changedShare, first, second } of readCrops(index, { size })) {
    onProgress(pair, index.pairs.length);
    const { hog } = await scoresBy(hogScorer, first, second);
    crops.push({ pair, x: window.x, y: window.y, score: hog ?? NaN, changedShare });
  }
  if (crops.length === 0)
    throw new Error(
      `--size: expected crops of ${size} px from ${index.pairs.length} pairs, got none`,
    );
  const found: ScoredCrops = {
    format: 'noisy-pairs/scored-crops',
    version: 1,
    score: 'hog',
    index: hash,
    size,
    crops,
  };
  await writeFileAtomic(file, `${JSON.stringify(found)}\n`);
  return found;
}
