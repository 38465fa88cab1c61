import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brief } from '@noisy-pairs/command-line';
import { requireRegularFile, writeFileAtomic } from '@noisy-pairs/imaging';
import type { z } from 'zod';
import { parseConfig } from '../config/parse-config.ts';

/**
 * A run's config.json, or the part of it that a schema takes.
 * @param instead what the folder is if it has none, in words
 * @throws one line if it is not there, no JSON, or not as the schema says
 */
export function readConfigFile<T>(folder: string, schema: z.ZodType<T>, instead = 'none'): T {
  const file = join(folder, 'config.json');
  if (!existsSync(file))
    throw new Error(`${folder}: expected the folder of a run with its config.json, got ${instead}`);
  return parseConfig(schema, readJsonFile(file), file);
}

/** @throws `FILE: expected JSON, got ...` */
export function readJsonFile(file: string): unknown {
  requireRegularFile(file);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${file}: expected JSON, got something else (${brief(error.message)})`, {
      cause: error,
    });
  }
}

/** Writes a value as JSON for people to read too; see writeFileAtomic. */
export const writeJsonFile = (file: string, value: unknown): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
