import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepConfig } from '../config/sweep-config.ts';
import { kindOf } from '../data/data-config.ts';
import type { Contents } from '../data/kind.ts';
import { readJsonFile, writeJsonFile } from '../run/config-file.ts';
import type { SweepPlan } from './plan.ts';
import { contentsOf, sweepFile } from './sweep-file.ts';

type Panels = SweepConfig['panels'];

/**
 * Makes the folder this sweep's, or finds that it is: of the same recipe, and of data of the same
 * contents, wherever these lie. More seeds may be added.
 * @param onNote hears of a sweep.json without hashes of the data, which are added then
 * @throws naming the files that have changed, or if the folder is another sweep's
 */
export async function claimFolder(
  { out, sweep: { recipe, panels } }: SweepPlan,
  onNote: (line: string) => void,
): Promise<void> {
  const path = join(out, 'sweep.json');
  const contents = await contentsOf(panels);
  const wanted = { format: 'noisy-pairs/sweep', version: 2, recipe, panels, contents };
  const write = () => writeJsonFile(path, wanted);
  if (!existsSync(path)) {
    await write();
    return;
  }
  const read = readJsonFile(path);
  const { data: stored } = sweepFile.safeParse(read);
  const refuse = (why: string): never => {
    throw new Error(
      `${out}: expected a sweep of the same recipe and data, got another${why}; choose another ` +
        '--out folder',
    );
  };
  if (stored?.recipe !== recipe) return refuse('');
  if (!stored.contents) {
    // where the data lie is all that is known of them
    if (JSON.stringify(stored.panels) !== JSON.stringify(panels)) return refuse('');
    if (contents.some((files) => Object.keys(files).length > 0))
      onNote(`${path}: no hashes of the data, which are taken to be those of before; added now`);
    await write();
    return;
  }
  const changed = stored.contents.flatMap((files, i) => changes(files, contents[i] ?? {}));
  if (changed.length > 0) return refuse(`: ${someOf(changed)}`);
  if (JSON.stringify(placeless(stored.panels)) !== JSON.stringify(placeless(panels)))
    return refuse('');
}

const placeless = (panels: Panels): Panels =>
  panels.map((panel) => {
    const { data } = panel.base;
    return { ...panel, base: { ...panel.base, data: kindOf(data).placeless(data) } };
  });

function changes(before: Contents, now: Contents): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    if (before[name] === undefined) return `${name} is new`;
    return now[name] === undefined ? `${name} is gone` : `${name} has changed`;
  });
}

const someOf = (all: readonly string[]) =>
  all.slice(0, 3).join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '');
