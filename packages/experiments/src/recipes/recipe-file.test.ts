import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRecipeFile, readRecipe } from './recipe-file.ts';
import { recipe } from './registry.ts';

/** Writes files into a new folder, and gives the path of the first. */
function written(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, Object.keys(files)[0] ?? '');
}

test('files are told from names of recipes', () => {
  for (const file of ['./mine', 'mine.ts', 'a/mine.mjs', 'mine.json', '/x/mine.js'])
    expect(isRecipeFile(file), file).toBe(true);
  for (const name of ['vts-moco', 'smoke', 'mine']) expect(isRecipeFile(name), name).toBe(false);
});

const smoke = recipe('smoke');
const json = JSON.stringify(smoke);
const mine = { ...smoke, recipe: 'mine', seeds: 7 };

test('TypeScript, with files beside it and recipes of ours, wherever it lies', async () => {
  const file = written({
    'mine.ts': `
      import { recipe, type SweepConfig } from '@noisy-pairs/experiments';
      import { seeds } from './seeds';
      const given: SweepConfig = recipe('smoke');
      export async function mine(): Promise<SweepConfig> {
        return await Promise.resolve({ ...given, recipe: 'mine', seeds });
      }`,
    'seeds.ts': 'export const seeds: number = 7;',
  });
  expect(await readRecipe(file)).toEqual(mine);
});

test.each([
  ['mine.mjs', `export default ${json}`, smoke],
  ['mine.js', `export default () => (${json})`, smoke],
  ['mine.cjs', `module.exports = ${json}`, smoke],
  ['mine.mts', `export const only: unknown = ${json}`, smoke],
  ['mine.json', JSON.stringify(mine, null, 4), mine],
])('%s gives a configuration', async (name, text, expected) => {
  expect(await readRecipe(written({ [name]: text }))).toEqual(expected);
});

test.each([
  ['mine.ts', 'export default {', 'FILE: expected a module that loads, got an error ('],
  ['mine.ts', "import './none'", 'FILE: expected a module that loads, got an error (Cannot find'],
  [
    'mine.mjs',
    "throw new Error('no luck\\n today')",
    'FILE: expected a module that loads, got an error (no luck)',
  ],
  [
    'mine.js',
    "export default () => { throw new Error('no data') }",
    'FILE: expected a function that gives a configuration, got an error (no data)',
  ],
  ['mine.ts', 'export {}', 'FILE: expected a default export, or a single one, got none'],
  [
    'mine.ts',
    'export const a = 1, b = 2',
    'FILE: expected a default export, or a single one, got a, b',
  ],
  [
    'mine.mjs',
    'export default () => undefined',
    'FILE: Invalid input: expected object, received undefined, got undefined',
  ],
  ['mine.json', '5', 'FILE: Invalid input: expected object, received number, got 5'],
  ['mine.json', '{"recipe":', 'FILE: expected JSON, got something else ('],
  [
    'mine.json',
    JSON.stringify({ ...smoke, seeds: 'three' }),
    'FILE seeds: Invalid input: expected number, received string, got "three"',
  ],
  [
    'mine.json',
    json.replace('"batchSize":16', '"batchsize":16'),
    'FILE panels.0.base.pretrain.batchSize: Invalid input: expected number, received undefined',
  ],
  [
    'mine.json',
    JSON.stringify({ ...smoke, panels: [...smoke.panels, ...smoke.panels] }),
    'FILE panels: expected panels of distinct names, got ["moco","moco"]',
  ],
  ['mine.py', 'x', '--recipe: expected a file .ts, .mts, .js, .mjs or .json, got FILE'],
])('%s: one line that names the file (%#)', async (name, text, message) => {
  const file = written({ [name]: text });
  await expect(readRecipe(file)).rejects.toThrow(message.replace('FILE', file));
});

test('a file that is not there', async () => {
  await expect(readRecipe('/no/such/mine.ts')).rejects.toThrow(
    '--recipe: expected a file at /no/such/mine.ts, got none',
  );
});
