import type { RunConfig } from '../config/run-config.ts';
import type { Setting } from '../config/setting.ts';
import type { Panel, SweepConfig } from '../config/sweep-config.ts';
import { panelSettings } from './settings/panel-settings.ts';

/** A run of a sweep by its name, which is also its folder's. */
export interface NamedRun {
  readonly name: string;
  readonly config: RunConfig;
}

/**
 * A panel with its runs, seed by seed. A run may stand for several settings, and in several panels:
 * those that need no run of their own share one.
 */
export interface PanelGrid {
  readonly panel: Panel;
  readonly entries: readonly { readonly setting: Setting; readonly run: NamedRun }[];
}

/**
 * All settings of a sweep with their runs, seed by seed. Bounds are shared between panels of the
 * same data and encoder; filtered pairs are the same whatever the level of the noise; and as many
 * clean pairs are the very pairs of the clean run.
 */
export function expandGrid({ recipe, panels, seeds }: SweepConfig): PanelGrid[] {
  const made = new Map<string, NamedRun>();
  const share = (run: NamedRun) => {
    const key = identity(run.config);
    const first = made.get(key) ?? run;
    made.set(key, first);
    return first;
  };
  return panels.map((panel) => {
    const settings = panelSettings(panel);
    const prefix = panels.length > 1 ? `${panel.name}-` : '';
    const ofSeed = (seed: number) =>
      settings.map(({ name, setting, method, noise }) => {
        const { kind } = setting;
        const config: RunConfig = { recipe, ...panel.base, method, kind, seed, ...noise };
        return { setting, run: share({ name: `${prefix}${name}-seed${seed}`, config }) };
      });
    return { panel, entries: Array.from({ length: seeds }, (_, seed) => ofSeed(seed)).flat() };
  });
}

/**
 * Each run once, seed by seed. What is interesting first comes first: with one seed done there is a
 * first picture.
 */
export function runsOf(grids: readonly PanelGrid[]): NamedRun[] {
  const runs = new Map(
    grids.flatMap(({ entries }) => entries.map(({ run }) => [run.name, run] as const)),
  );
  return [...runs.values()].sort((a, b) => a.config.seed - b.config.seed);
}

/**
 * The parts of a configuration that tell a run from another. The bounds are not pretrained, so that
 * nothing of pretraining does.
 */
function identity(config: RunConfig): string {
  return JSON.stringify(
    config.kind === 'pretrained'
      ? config
      : { ...config, method: undefined, views: undefined, pretrain: undefined, monitor: undefined },
  );
}
