import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from '@noisy-pairs/imaging';
import { z } from 'zod';
import type { RunProgress } from '../run-progress.ts';

const progressSchema = z.object({
  stage: z.enum(['pretraining', 'segmentation', 'damage', 'classification']),
  step: z.number(),
  steps: z.number(),
  loss: z.number().nullable(),
  secondsLeft: z.number(),
});

const fileOf = (folder: string) => join(folder, 'progress.json');

/** Writes progress.json of a run's folder: how far it is, for whoever watches from elsewhere. */
export function writeProgress(folder: string, progress: RunProgress): void {
  const path = fileOf(folder);
  const temporary = temporaryName(path);
  writeFileSync(temporary, `${JSON.stringify(progress)}\n`);
  renameSync(temporary, path);
}

/** How far a run is by its progress.json; undefined where it has none to be read. */
export function readProgress(folder: string): RunProgress | undefined {
  try {
    const found = progressSchema.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
    return { ...found, loss: found.loss ?? NaN };
  } catch {
    return undefined; // not yet written
  }
}
