import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  disposeAll,
  flattenTree,
  requireLike,
  unflattenTree,
  type NamedTensors,
  type TensorTree,
} from '@noisy-pairs/engine';
import { loadWeights, saveWeights } from '@noisy-pairs/models';
import type { Checkpoint, Settings } from './checkpoint-format.ts';
import { fromVersion2, isVersion2, type Version2 } from './checkpoint-v2.ts';

const version = 3;
const current = (folder: string) => join(folder, 'checkpoint.safetensors');
const previous = (folder: string) => join(folder, 'checkpoint.previous.safetensors');

/**
 * The newest checkpoint's path, or undefined; the previous one counts when a kill fell between the
 * two renames.
 */
export function findCheckpoint(folder: string): string | undefined {
  return [current(folder), previous(folder)].find((path) => existsSync(path));
}

/** Deletes what a kill left of a checkpoint being written. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('checkpoint.next.')) await rm(join(folder, name));
  }
}

/** Deletes the checkpoint before the last, which a finished run does not need. */
export async function removePrevious(folder: string): Promise<void> {
  await rm(previous(folder), { force: true });
}

/**
 * Writes the whole state (networks, queues, what the optimiser remembers), its tensors named by
 * their paths; the last checkpoint stays beside it.
 */
export async function saveCheckpoint(
  folder: string,
  state: TensorTree,
  checkpoint: Checkpoint,
): Promise<void> {
  const next = join(folder, 'checkpoint.next.safetensors');
  const position = JSON.stringify({ version, ...checkpoint });
  await saveWeights(next, flattenTree(state), { checkpoint: position });
  if (existsSync(current(folder))) await rename(current(folder), previous(folder));
  await rename(next, current(folder));
}

/**
 * @param expected a fresh state of the run: the checkpoint must have its names and shapes
 * @returns the state, the caller's, and the position
 * @throws if the file is damaged, or was written by another version, model or settings; the message
 *   names the difference
 */
export async function loadCheckpoint<State extends TensorTree>(
  path: string,
  expected: State,
  settings: Settings,
): Promise<{ state: State; checkpoint: Checkpoint }> {
  const { tensors, metadata } = await loadWeights(path);
  try {
    const found = upgraded(tensors, JSON.parse(metadata['checkpoint'] ?? '{}') as Written);
    requireSame(found.checkpoint.settings, settings);
    requireLike(found.tensors, flattenTree(expected));
    return { state: unflattenTree(found.tensors, expected), checkpoint: found.checkpoint };
  } catch (error) {
    disposeAll(tensors);
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** A position in a file: of this version, of one that can be read, or neither. */
type Written = ({ readonly version?: number } & Checkpoint) | Version2;

/** The contents of a file, as this version has them. @throws for a version that cannot be read */
function upgraded(
  tensors: NamedTensors,
  written: Written,
): { tensors: NamedTensors; checkpoint: Checkpoint } {
  if (isVersion2(written)) return fromVersion2(tensors, written);
  const { version: number, ...checkpoint } = written;
  if (number !== version) throw new Error(`version: expected ${version}, got ${number ?? 'none'}`);
  return { tensors, checkpoint };
}

function requireSame(written: Settings, settings: Settings): void {
  const now = JSON.parse(JSON.stringify(settings)) as Settings; // as it would come back from a file
  const value = (from: Settings, name: string) =>
    name in from ? JSON.stringify(from[name]) : 'none';
  for (const name of new Set([...Object.keys(now), ...Object.keys(written)])) {
    const [expected, got] = [value(now, name), value(written, name)];
    if (expected !== got)
      throw new Error(
        `${name}: expected ${expected}, got ${got} in the checkpoint (other settings need ` +
          'another folder)',
      );
  }
}
