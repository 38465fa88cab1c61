import { createHash } from 'node:crypto';
import type { NamedTensors } from '@noisy-pairs/engine';
import type { Weights } from '@noisy-pairs/models';
import { hashTensors } from '../encoders/weight-hash.ts';
import { requirePosition, type Checkpoint } from './checkpoint-format.ts';
import { fromVersion2, isVersion2, type Version2 } from './checkpoint-v2.ts';

/** Version of checkpoints as written: like 3, with a hash of position and tensors. */
const version = 4;

/** A checkpoint that is not what was written, and no other run's either. */
export class DamagedCheckpointError extends Error {
  override readonly name = 'DamagedCheckpointError';
}

/** A position and whether the configurations of method and encoder are among its settings. */
export interface Unsealed {
  readonly tensors: NamedTensors;
  readonly checkpoint: Checkpoint;
  readonly fingerprinted: boolean;
}

/** A position as metadata of the tensors' file, with the hash of both. */
export async function seal(
  checkpoint: Checkpoint,
  tensors: NamedTensors,
): Promise<Record<string, string>> {
  const position = JSON.stringify({ version, ...checkpoint });
  return { checkpoint: position, hash: await hashOf(position, tensors) };
}

/**
 * Reads what seal wrote, or a checkpoint of version 2 or 3, which has no hash.
 * @throws DamagedCheckpointError; an Error if the file is whole, but of a version that is not read
 */
export async function unseal({ tensors, metadata }: Weights): Promise<Unsealed> {
  const { checkpoint: position = '{}', hash } = metadata;
  if (hash !== undefined && hash !== (await hashOf(position, tensors)))
    throw new DamagedCheckpointError('expected the hash of what is in it, got another');
  const written = parsed(position);
  const number = written.version;
  if (number === undefined || (number === version && hash === undefined))
    throw new DamagedCheckpointError(
      `expected a position and its hash, got none of ${number === undefined ? 'both' : 'it'}`,
    );
  if (isVersion2(written)) return checked(fromVersion2(tensors, written), false);
  if (number !== version && number !== 3)
    throw new Error(`version: expected ${version}, got ${String(number)}`);
  const { step, tail, times, settings } = written;
  return checked({ tensors, checkpoint: { step, tail, times, settings } }, number === version);
}

/** A position in a file: of this version, of one that can be read, or neither. */
type Written = ({ readonly version?: number } & Checkpoint) | Version2;

function parsed(text: string): Written {
  try {
    return Object(JSON.parse(text)) as Written;
  } catch (error) {
    throw new DamagedCheckpointError(`expected JSON, got something else`, { cause: error });
  }
}

function checked(found: Omit<Unsealed, 'fingerprinted'>, fingerprinted: boolean): Unsealed {
  try {
    requirePosition(found.checkpoint);
  } catch (error) {
    throw new DamagedCheckpointError((error as Error).message, { cause: error });
  }
  return { ...found, fingerprinted };
}

async function hashOf(position: string, tensors: NamedTensors): Promise<string> {
  const hash = createHash('sha256').update(`${position}\n`);
  return hash.update(await hashTensors(tensors)).digest('hex');
}
