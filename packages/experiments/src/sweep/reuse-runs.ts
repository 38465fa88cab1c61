import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryName } from '@noisy-pairs/imaging';
import { configHash, runConfig, workHash, type RunConfig } from '../config/run-config.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { readConfigFile, writeJsonFile } from '../run/config-file.ts';
import { changedFiles } from '../run/result/run-files.ts';
import { findResult, sealed, type RunResult } from '../run/result/run-result.ts';
import type { PlannedRun, SweepPlan } from './plan.ts';
import { contentsByData, contentsOf, dataKey, storedContents } from './sweep-file.ts';

/** A finished run of another sweep. */
interface OtherRun {
  readonly folder: string;
  readonly config: RunConfig;
  readonly result: RunResult;
}

/**
 * Copies finished runs of other sweeps in place of open runs that would only repeat them: runs of
 * the same configuration, but for the recipe's name, on data of the same contents.
 * @param open runs without a result, in folders that are this process's alone
 * @param from folders of sweeps
 * @param say hears how many were taken from each, and which were not as their sweep left them
 * @returns the runs that are open still
 * @throws one line if one of them is no folder of a sweep
 */
export async function reuseRuns(
  { sweep: { panels } }: SweepPlan,
  open: readonly PlannedRun[],
  from: readonly string[],
  say: (line: string) => void,
): Promise<readonly PlannedRun[]> {
  if (from.length === 0) return open;
  const contents = contentsByData(panels, await contentsOf(panels));
  let left = open;
  for (const sweep of from) {
    const wanted = new Set(left.map(({ config }) => workHash(config)));
    const found = await wholeRuns(sweep, wanted, contents, say);
    const before = left.length;
    const still: PlannedRun[] = [];
    for (const run of left) {
      const same = found.get(workHash(run.config));
      if (same) await takeOver(run, same);
      else still.push(run);
    }
    left = still;
    say(`${before - left.length} runs taken over from ${sweep}`);
  }
  return left;
}

/** The wanted runs that are whole and on data of these contents, by the hash of their work. */
async function wholeRuns(
  sweep: string,
  wanted: ReadonlySet<string>,
  contents: ReadonlyMap<string, string>,
  say: (line: string) => void,
): Promise<Map<string, OtherRun>> {
  const stored = storedContents(sweep);
  const found = new Map<string, OtherRun>();
  for (const name of (await readdir(join(sweep, 'runs'))).sort()) {
    const folder = join(sweep, 'runs', name);
    const config = readConfigFile(folder, runConfig);
    const data = dataKey(config.data);
    const work = workHash(config);
    if (!wanted.has(work) || stored.get(data) !== contents.get(data)) continue;
    const { result, damage } = findResult(folder, config);
    const changed = result ? await changedFiles(folder, result.files ?? {}) : [damage ?? ''];
    if (result && changed.length === 0) found.set(work, { folder, config, result });
    else if (changed[0]) say(`${changed[0]}; not taken over`);
  }
  return found;
}

/** Files that hold the configuration and the recipe's name with it, or tell who is at work. */
const ownFiles = ['config.json', 'result.json', 'owner'];

/** The result comes last: a copy that is cut off counts as none, and is made again. */
async function takeOver({ folder, config }: PlannedRun, other: OtherRun): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  makeFolder(folder);
  const entries = await readdir(other.folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'));
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name).slice(other.folder.length + 1);
    if (!ownFiles.includes(path)) await copyWhole(join(other.folder, path), join(folder, path));
  }
  await writeJsonFile(join(folder, 'config.json'), config);
  const result = sealed({ ...other.result, configHash: configHash(config) });
  await writeJsonFile(join(folder, 'result.json'), result);
}

/** A file is never there by its name until it is whole. */
async function copyWhole(from: string, to: string): Promise<void> {
  makeFolder(dirname(to));
  const temporary = temporaryName(to);
  await copyFile(from, temporary);
  await rename(temporary, to);
}
