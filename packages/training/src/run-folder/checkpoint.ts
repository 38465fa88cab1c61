import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  disposeAll,
  flattenTree,
  requireLike,
  unflattenTree,
  type TensorTree,
} from '@noisy-pairs/engine';
import { temporaryName } from '@noisy-pairs/imaging';
import { loadWeights, saveWeights, type Weights } from '@noisy-pairs/models';
import { requireSame, type Checkpoint, type Settings } from './checkpoint-format.ts';
import { DamagedCheckpointError, seal, unseal } from './checkpoint-seal.ts';

const current = (folder: string) => join(folder, 'checkpoint.safetensors');
const previous = (folder: string) => join(folder, 'checkpoint.previous.safetensors');

/** Paths of a run's checkpoints, the newest first; after a kill between two renames it is one. */
export function findCheckpoints(folder: string): string[] {
  return [current(folder), previous(folder)].filter((path) => existsSync(path));
}

/** A state, the caller's, and where that is in the run. */
export interface Loaded<State> {
  readonly state: State;
  readonly checkpoint: Checkpoint;
}

/**
 * The newest checkpoint of a folder that is whole. Damaged ones are deleted.
 * @param onNote hears of each damaged one, a line
 * @returns undefined where there is none
 * @throws as loadCheckpoint does, if it is another run's
 */
export async function loadNewest<State extends TensorTree>(
  folder: string,
  expected: State,
  settings: Settings,
  onNote: (line: string) => void = () => undefined,
): Promise<Loaded<State> | undefined> {
  const paths = findCheckpoints(folder);
  for (const [i, path] of paths.entries()) {
    try {
      return await loadCheckpoint(path, expected, settings);
    } catch (error) {
      if (!(error instanceof DamagedCheckpointError)) throw error;
      const next = paths[i + 1];
      onNote(`${error.message}: damaged; the run goes on from ${next ?? 'its start'}`);
      await rm(path, { force: true, recursive: true });
    }
  }
  return undefined;
}

/** Deletes the checkpoint before the last, which a finished run does not need. */
export async function removePrevious(folder: string): Promise<void> {
  await rm(previous(folder), { force: true });
}

/**
 * Writes the whole state (networks, queues, what the optimiser remembers), its tensors named by
 * their paths; the last checkpoint stays beside it.
 * @param beforeRename called when all is written and nothing is replaced yet; may throw
 */
export async function saveCheckpoint(
  folder: string,
  state: TensorTree,
  checkpoint: Checkpoint,
  beforeRename?: () => void,
): Promise<void> {
  const next = temporaryName(current(folder));
  const tensors = flattenTree(state);
  await saveWeights(next, tensors, await seal(checkpoint, tensors));
  try {
    beforeRename?.();
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  if (existsSync(current(folder))) await rename(current(folder), previous(folder));
  await rename(next, current(folder));
}

/**
 * @param expected a fresh state of the run: the checkpoint must have its names and shapes
 * @returns the state, the caller's, and the position
 * @throws DamagedCheckpointError; an Error if it was written by another version, model or
 *   settings: the message names the difference
 */
export async function loadCheckpoint<State extends TensorTree>(
  path: string,
  expected: State,
  settings: Settings,
): Promise<Loaded<State>> {
  const weights = await readWhole(path);
  try {
    const { tensors, checkpoint, fingerprinted } = await unseal(weights);
    requireSame(checkpoint.settings, settings, fingerprinted);
    requireLike(tensors, flattenTree(expected));
    return { state: unflattenTree(tensors, expected), checkpoint };
  } catch (error) {
    disposeAll(weights.tensors);
    throw named(path, error as Error);
  }
}

/** @throws DamagedCheckpointError for a file that is none of weights */
async function readWhole(path: string): Promise<Weights> {
  try {
    return await loadWeights(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw error; // may not be read, which is no damage
    throw new DamagedCheckpointError(message, { cause: error });
  }
}

/** The error with the file's name. */
function named(path: string, error: Error): Error {
  const message = `${path}: ${error.message}`;
  return error instanceof DamagedCheckpointError
    ? new DamagedCheckpointError(message, { cause: error })
    : new Error(message, { cause: error });
}
