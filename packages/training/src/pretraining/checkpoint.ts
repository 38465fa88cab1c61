import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, type NamedTensors } from '@noisy-pairs/engine';
import { loadWeights, saveWeights } from '@noisy-pairs/models';

/**
 * Where a run stands. All of its randomness follows from the seed and the step (the loader and the
 * method's start draw from splits of the seed), so the step is the position and the generator state
 * in one.
 */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /**
   * Sums of the losses and of the features' deviations that count towards the final ones, and their
   * number.
   */
  readonly tailSum: number;
  readonly tailStd: number;
  readonly tailCount: number;
  /** Spent on training so far. */
  readonly seconds: number;
  /** What decides the result; a run goes on only under the same. */
  readonly settings: Settings;
}

/** JSON values by name. */
export type Settings = Readonly<Record<string, unknown>>;

const version = 2;
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

/**
 * Writes the whole state (parameters, momentum encoder, statistics, queue, velocities); the last
 * checkpoint stays beside it.
 */
export async function saveCheckpoint(
  folder: string,
  state: NamedTensors,
  checkpoint: Checkpoint,
): Promise<void> {
  const next = join(folder, 'checkpoint.next.safetensors');
  await saveWeights(next, state, { checkpoint: JSON.stringify({ version, ...checkpoint }) });
  if (existsSync(current(folder))) await rename(current(folder), previous(folder));
  await rename(next, current(folder));
}

/**
 * @param expected a fresh state of the run: the checkpoint must have its names and shapes
 * @returns the state, the caller's, and the position
 * @throws if the file is damaged, or was written by another version, model or settings; the message
 *   names the difference
 */
export async function loadCheckpoint(
  path: string,
  expected: NamedTensors,
  settings: Settings,
): Promise<{ state: NamedTensors; checkpoint: Checkpoint }> {
  const { tensors, metadata } = await loadWeights(path);
  try {
    const { version: written, ...checkpoint } = JSON.parse(
      metadata['checkpoint'] ?? '{}',
    ) as Checkpoint & { version?: number };
    if (written !== version)
      throw new Error(`version: expected ${version}, got ${written ?? 'none'}`);
    requireSame(checkpoint.settings, settings);
    requireLike(tensors, expected);
    return { state: tensors, checkpoint };
  } catch (error) {
    disposeAll(tensors);
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function requireSame(written: Settings, settings: Settings): void {
  const now = JSON.parse(JSON.stringify(settings)) as Settings; // as it would come back from a file
  for (const name of new Set([...Object.keys(now), ...Object.keys(written)])) {
    const value = (from: Settings) => (name in from ? JSON.stringify(from[name]) : 'none');
    const [expected, got] = [value(now), value(written)];
    if (expected !== got)
      throw new Error(
        `${name}: expected ${expected}, got ${got} in the checkpoint (other settings need ` +
          'another folder)',
      );
  }
}

/** Shapes by name; tensors have them. */
export type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/** A message names so many differences at most. */
const mostNamed = 5;

/**
 * @throws unless both have the same names and shapes; the message lists what is missing,
 *   superfluous or of another shape
 */
export function requireLike(tensors: Shapes, expected: Shapes): void {
  const different = [...new Set([...Object.keys(expected), ...Object.keys(tensors)])].flatMap(
    (name) => {
      const shape = (t: Shapes) => (t[name] ? `[${t[name].shape.join(', ')}]` : 'none');
      return shape(tensors) === shape(expected)
        ? []
        : [`${name}: expected shape ${shape(expected)}, got ${shape(tensors)}`];
    },
  );
  if (different.length > mostNamed)
    different.splice(mostNamed, Infinity, `and ${different.length - mostNamed} more`);
  if (different.length > 0) throw new Error(different.join('; '));
}
