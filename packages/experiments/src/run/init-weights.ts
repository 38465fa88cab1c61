import { createHash } from 'node:crypto';
import { disposeAll } from '@noisy-pairs/engine';
import { readRegularFile } from '@noisy-pairs/imaging';
import { importEncoder, resnet, type Encoder, type NetworkState } from '@noisy-pairs/models';
import type { RunConfig } from '../config/run-config.ts';
import type { SweepConfig } from '../config/sweep-config.ts';

/**
 * The weights that a run begins with; the caller's.
 * @throws if the file is not the one that the configuration means, or not of this encoder
 */
export async function readInit(
  { file, sha256 }: NonNullable<RunConfig['init']>,
  encoder: Encoder,
): Promise<NetworkState> {
  const bytes = await readRegularFile(file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Error(`${file}: expected a file of SHA-256 ${sha256}, got ${found}`);
  return importEncoder(file, encoder);
}

/** @throws if the weights to begin with do not fit the encoder of a panel */
export async function checkInit({ panels }: SweepConfig): Promise<void> {
  for (const { base } of panels) {
    if (!base.init) continue;
    disposeAll(await readInit(base.init, resnet(base.encoder)));
  }
}
