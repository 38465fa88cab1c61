import type { RunResult } from '../../run/result/run-result.ts';
import type { Setting } from '../../config/setting.ts';
import type { NamedRun, PanelGrid } from '../../sweep/grid.ts';

export interface FinishedRun extends NamedRun {
  readonly result: RunResult;
}

/** A setting's finished runs. */
export interface SettingRuns {
  readonly setting: Setting;
  readonly runs: readonly FinishedRun[];
}

/** @returns a group for each setting that has a finished run, in the grid's order */
export function groupBySetting(
  { entries }: PanelGrid,
  results: ReadonlyMap<string, RunResult>,
): SettingRuns[] {
  const groups = new Map<string, { setting: Setting; runs: FinishedRun[] }>();
  for (const { setting, run } of entries) {
    const result = results.get(run.name);
    if (!result) continue;
    const group = groups.get(keyOf(setting)) ?? { setting, runs: [] };
    group.runs.push({ ...run, result });
    groups.set(keyOf(setting), group);
  }
  return [...groups.values()];
}

export function runsOfSetting(
  groups: readonly SettingRuns[],
  wanted: Setting,
): readonly FinishedRun[] {
  return groups.find(({ setting }) => sameSetting(setting, wanted))?.runs ?? [];
}

export function sameSetting(a: Setting, b: Setting): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ kind, remedy, imageNoise, noisyShare, choice = '' }: Setting): string {
  return `${kind} ${remedy} ${imageNoise} ${noisyShare} ${choice}`;
}
