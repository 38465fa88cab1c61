import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConfig, type RunConfig } from '../config/run-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { readResult, type RunResult } from './run-result.ts';

export interface FinishedRunFolder {
  readonly config: RunConfig;
  readonly result: RunResult;
}

/** @throws if a folder is not a run's, or the run is not finished */
export function readFinishedRun(folder: string): FinishedRunFolder {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) {
    const got = !existsSync(folder)
      ? 'no such folder'
      : existsSync(join(folder, 'sweep.json'))
        ? `a sweep's: its runs lie in ${join(folder, 'runs')}`
        : 'none';
    throw new Error(`${folder}: expected the folder of a run with its config.json, got ${got}`);
  }
  const config = parseConfig(runConfig, readJson(file), file);
  const result = readResult(folder, config);
  if (!result)
    throw new Error(
      `${folder}: expected a finished run, got one without ` +
        `${existsSync(join(folder, 'result.json')) ? 'the result of its config.json' : 'result.json'}`,
    );
  return { config, result };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: expected JSON, got something else (${(error as Error).message})`, {
      cause: error,
    });
  }
}
