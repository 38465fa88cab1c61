import { join } from 'node:path';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { runEncoderFile } from '../run-encoder.ts';
import { changedFiles } from './run-files.ts';
import type { FinishedRunFolder } from './finished-run.ts';

/** A line for each thing of a finished run that is lost or was changed since it ended. */
export async function runNotes(folder: string, run: FinishedRunFolder): Promise<string[]> {
  const notes: string[] = [];
  const path = join(folder, 'metrics.jsonl');
  const lines = await readMetrics(path, (note) => notes.push(note));
  const { files } = run.result;
  if (files) return [...notes, ...(await changedFiles(folder, files))];
  // A result of before, without them.
  const steps = run.result.pretraining?.steps;
  const last = lines.at(-1)?.step;
  if (steps !== undefined && last !== steps)
    notes.push(`${path}: expected lines up to step ${steps}, got ${last ?? 'none'}`);
  return [...notes, ...missingEncoder(folder)];
}

function missingEncoder(folder: string): string[] {
  try {
    runEncoderFile(folder);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
