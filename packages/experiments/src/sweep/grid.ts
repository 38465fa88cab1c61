import { robustMethods } from '../config/methods.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Panel, SweepConfig } from '../config/sweep-config.ts';
import { kindOf } from '../data/data-config.ts';
import type { Setting } from '../config/setting.ts';

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
 * All settings of a sweep with their runs: for each seed the bounds, clean pairs once (the level of
 * noise means nothing there), then level x noisy share, and the remedies. Bounds are shared between
 * panels of the same data and encoder; filtered pairs are the same whatever the level of the noise;
 * and as many clean pairs are the very pairs of the clean run. A filter that leaves nothing (noisy
 * share 1) has no setting.
 */
export function expandGrid({ recipe, panels, seeds }: SweepConfig): PanelGrid[] {
  const made = new Map<string, NamedRun>();
  const prefix = (panel: Panel) => (panels.length > 1 ? `${panel.name}-` : '');
  return panels.map((panel) => {
    const { base, imageNoises, noisyShares, remedies: wanted, robust } = panel;
    const { slug } = kindOf(base.data).words;
    const entries: PanelGrid['entries'][number][] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const add = (
        name: string,
        setting: Setting,
        noise: Pick<RunConfig, 'imageNoise' | 'noisyShare' | 'filter'>,
        method = base.method,
      ) => {
        const config: RunConfig = { recipe, ...base, method, kind: setting.kind, seed, ...noise };
        const key = identity(config);
        const run = made.get(key) ?? { name: `${prefix(panel)}${name}-seed${seed}`, config };
        made.set(key, run);
        entries.push({ setting, run });
      };
      const clean = { imageNoise: 0, noisyShare: 0 } as const;
      const none = { ...clean, filter: 'none' } as const;
      add('random', { ...clean, kind: 'random', remedy: 'keep' }, none);
      add('supervised', { ...clean, kind: 'supervised', remedy: 'keep' }, none);
      add('clean', { ...clean, kind: 'pretrained', remedy: 'keep' }, none);
      if (wanted.includes('robust'))
        add(
          'clean-robust',
          { ...clean, kind: 'pretrained', remedy: 'robust' },
          none,
          withLoss(base.method, robust),
        );
      for (const imageNoise of imageNoises) {
        for (const noisyShare of noisyShares) {
          const noise = { imageNoise, noisyShare },
            name = `${slug}${imageNoise}-share${noisyShare}`;
          add(name, { ...noise, kind: 'pretrained', remedy: 'keep' }, { ...noise, filter: 'none' });
          if (wanted.includes('robust'))
            add(
              `${name}-robust`,
              { ...noise, kind: 'pretrained', remedy: 'robust' },
              { ...noise, filter: 'none' },
              withLoss(base.method, robust),
            );
          if (wanted.includes('filter') && noisyShare < 1)
            add(
              `share${noisyShare}-filter`,
              { ...noise, kind: 'pretrained', remedy: 'filter' },
              { imageNoise: 0, noisyShare, filter: 'clean' },
            );
          if (wanted.includes('same-size'))
            add('clean', { ...noise, kind: 'pretrained', remedy: 'same-size' }, none);
        }
      }
    }
    return { panel, entries };
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
 * What tells a run from another. The bounds are not pretrained, so that nothing of pretraining
 * does.
 */
function identity(config: RunConfig): string {
  return JSON.stringify(
    config.kind === 'pretrained'
      ? config
      : { ...config, method: undefined, views: undefined, pretrain: undefined, monitor: undefined },
  );
}

/** @throws if the method has no InfoNCE to exchange */
function withLoss(method: RunConfig['method'], robust: Panel['robust']): RunConfig['method'] {
  if (!('robust' in method))
    throw new Error(
      `remedy robust: expected a method with InfoNCE (${robustMethods.join(', ')}), got ` +
        method.name,
    );
  return { ...method, robust };
}
