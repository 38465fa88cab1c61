import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { importEncoder, type Encoder } from '@noisy-pairs/models';
import type { EncoderWeights } from '@noisy-pairs/training';
import type { RunConfig } from '../config/run-config.ts';

/**
 * The weights that a run begins with; the caller's.
 * @throws if the file is not the one that the configuration means, or not of this encoder
 */
export async function readInit(
  { file, sha256 }: NonNullable<RunConfig['init']>,
  encoder: Encoder,
): Promise<EncoderWeights> {
  const bytes = await readFile(file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Error(`${file}: expected a file of SHA-256 ${sha256}, got ${found}`);
  return importEncoder(file, encoder);
}
