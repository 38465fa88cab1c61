import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runConfig, type RunConfig } from '../../config/run-config.ts';
import { readConfigFile } from '../config-file.ts';
import { findResult, type RunResult } from './run-result.ts';

/** A finished run, as it lies in its folder. */
export interface FinishedRunFolder {
  readonly config: RunConfig;
  readonly result: RunResult;
}

/** @throws if a folder is not a run's, or the run is not finished */
export function readFinishedRun(folder: string): FinishedRunFolder {
  const config = readConfigFile(folder, runConfig, inPlaceOfRun(folder));
  const { result, damage } = findResult(folder, config);
  if (result) return { config, result };
  if (damage !== undefined) throw new Error(damage);
  const other = existsSync(join(folder, 'result.json'));
  throw new Error(
    `${folder}: expected a finished run, got one without ` +
      (other ? 'the result of its config.json' : 'result.json'),
  );
}

/** A folder without config.json, in words. */
function inPlaceOfRun(folder: string): string {
  if (!existsSync(folder)) return 'no such folder';
  const isSweep = existsSync(join(folder, 'sweep.json'));
  return isSweep ? `a sweep's: its runs lie in ${join(folder, 'runs')}` : 'none';
}
