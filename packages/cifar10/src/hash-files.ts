import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { requireRegularFile } from '@noisy-pairs/imaging';
import { findBatches } from './find-batches.ts';

/**
 * SHA-256 of each file of both splits, by its official name.
 * @throws as findBatches
 */
export async function hashCifar10(dir: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const split of ['train', 'test'] as const) {
    const { files } = await findBatches(dir, split);
    for (const file of files) {
      requireRegularFile(file);
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      hashes[basename(file).toLowerCase()] = hash.digest('hex');
    }
  }
  return hashes;
}
