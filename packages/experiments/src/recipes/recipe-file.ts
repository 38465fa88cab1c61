import { statSync } from 'node:fs';
import { brief } from '@noisy-pairs/command-line';
import { createJiti } from 'jiti';
import { parseConfig } from '../config/parse-config.ts';
import { sweepConfig, type SweepConfig } from '../config/sweep-config.ts';
import { readJsonFile } from '../run/config-file.ts';
import { recipe, recipes } from './registry.ts';

/** Whether a text names a file of a recipe, and not a recipe of ours. */
export const isRecipeFile = (text: string): boolean => /\/|\.([cm]?[jt]s|json)$/.test(text);

/**
 * A recipe of one's own: JSON of a sweep's configuration, as --dry-run gives it; or a module of
 * TypeScript or JavaScript that exports one, or a function that returns one, as its default or as
 * the only thing it exports. It may lie anywhere, import files beside it, and import `recipe` and
 * `recipes` from @noisy-pairs/experiments.
 * @throws one line that names the file, and the field that is wrong
 */
export async function readRecipe(file: string): Promise<SweepConfig> {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new Error(`--recipe: expected a file at ${file}, got none`);
  if (file.endsWith('.json')) return parseConfig(sweepConfig, readJsonFile(file), file);
  if (!isRecipeModule(file))
    throw new Error(`--recipe: expected a file .ts, .mts, .js, .mjs or .json, got ${file}`);
  const exported = chosen(await load(file), file);
  return parseConfig(sweepConfig, await called(exported, file), file);
}

const isRecipeModule = (file: string) => /\.[cm]?[jt]s$/.test(file);

/** What a module exports, by names. Node 20 runs no TypeScript by itself. */
async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { '@noisy-pairs/experiments': { recipe, recipes } },
  });
  try {
    return await jiti.import(file);
  } catch (error) {
    throw notLoaded(file, 'a module that loads', error);
  }
}

/** The default of what a module exports, or all of it if that is one thing. */
function chosen(exported: Readonly<Record<string, unknown>>, file: string): unknown {
  if (exported['default'] !== undefined) return exported['default'];
  const names = Object.keys(exported).filter((name) => name !== 'default');
  const [only] = names;
  if (only === undefined || names.length > 1)
    throw new Error(
      `${file}: expected a default export, or a single one, got ` +
        (only === undefined ? 'none' : brief(names.join(', '))),
    );
  return exported[only];
}

async function called(exported: unknown, file: string): Promise<unknown> {
  if (typeof exported !== 'function') return exported;
  try {
    return await (exported as () => unknown)();
  } catch (error) {
    throw notLoaded(file, 'a function that gives a configuration', error);
  }
}

function notLoaded(file: string, expected: string, error: unknown): Error {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new Error(`${file}: expected ${expected}, got an error (${message})`, { cause: error });
}
