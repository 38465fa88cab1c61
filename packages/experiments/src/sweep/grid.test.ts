import { expect, test } from 'vitest';
import { configHash, runConfig } from '../config/run-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { expandGrid, runsOf, type PanelGrid } from './grid.ts';
import { recipe } from '../recipes/registry.ts';

const names = (grids: readonly PanelGrid[], seed = 0) =>
  runsOf(grids)
    .filter(({ config }) => config.seed === seed)
    .map(({ name }) => name);

test('one panel: bounds and clean pairs once a seed, every r_img with every noisy share', () => {
  const runs = runsOf(expandGrid(recipe('vts-moco')));
  expect(runs.length).toBe(3 * (2 + 1 + 3 * 2));
  expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
  expect(new Set(runs.map(({ config }) => configHash(config))).size).toBe(runs.length);
  const cells = runs
    .filter(({ config }) => config.kind === 'pretrained' && config.seed === 1)
    .map(({ config }) => [config.imageNoise, config.noisyShare]);
  expect(cells).toEqual([
    [0, 0],
    [0.25, 0.5],
    [0.25, 1],
    [0.5, 0.5],
    [0.5, 1],
    [1, 0.5],
    [1, 1],
  ]);
  for (const { name, config } of runs) expect(parseConfig(runConfig, config, name)).toEqual(config);
  expect(runs.map(({ config }) => config.seed)).toEqual(
    runs.map(({ config }) => config.seed).toSorted(),
  ); // seed by seed
});

test(
  'several panels: the bounds of methods that share data and encoder are run once, and every ' +
    'panel has them',
  () => {
    const grids = expandGrid(recipe('vts-dense'));
    expect(grids.map(({ panel }) => panel.name)).toEqual([
      'moco',
      'densecl',
      'pixcontrast',
      'pixpro',
      'vader',
    ]);
    expect(names(grids)).toEqual(
      grids.flatMap(({ panel: { name } }, i) => [
        ...(i === 0 ? ['moco-random-seed0', 'moco-supervised-seed0'] : []),
        ...['clean', 'r0.25-share0.5', 'r0.25-share1', 'r1-share0.5', 'r1-share1'].map(
          (setting) => `${name}-${setting}-seed0`,
        ),
      ]),
    );
    for (const { panel, entries } of grids) {
      expect(
        entries.filter(({ setting }) => setting.kind === 'random').map(({ run }) => run.name),
      ).toEqual([0, 1, 2].map((seed) => `moco-random-seed${seed}`));
      for (const { setting, run } of entries)
        if (setting.kind === 'pretrained') expect(run.config.method).toEqual(panel.base.method);
    }
  },
);

test(
  'remedies: filtered pairs whatever the level of noise, no filter that leaves nothing, as many ' +
    'clean pairs are the clean run, and RINCE on clean pairs too',
  () => {
    const sweep = recipe('filter-smoke');
    const [panel] = sweep.panels;
    const grids = expandGrid({
      ...sweep,
      panels: [{ ...(panel ?? expect.fail()), imageNoises: [0.5, 1], noisyShares: [0.5, 1] }],
    });
    expect(names(grids)).toEqual([
      'random-seed0',
      'supervised-seed0',
      'clean-seed0',
      'clean-robust-seed0',
      'r0.5-share0.5-seed0',
      'r0.5-share0.5-robust-seed0',
      'share0.5-filter-seed0',
      'r0.5-share1-seed0',
      'r0.5-share1-robust-seed0',
      'r1-share0.5-seed0',
      'r1-share0.5-robust-seed0',
      'r1-share1-seed0',
      'r1-share1-robust-seed0',
    ]);
    const entries = grids[0]?.entries ?? [];
    const of = (remedy: string) =>
      entries
        .filter(({ setting }) => setting.remedy === remedy && setting.noisyShare > 0)
        .map(({ setting, run }) => [setting.imageNoise, setting.noisyShare, run.name]);
    expect(of('filter')).toEqual([
      [0.5, 0.5, 'share0.5-filter-seed0'],
      [1, 0.5, 'share0.5-filter-seed0'],
    ]);
    expect(of('same-size')).toEqual(
      [
        [0.5, 0.5],
        [0.5, 1],
        [1, 0.5],
        [1, 1],
      ].map(([r, s]) => [r, s, 'clean-seed0']),
    );
    const config = (name: string) => runsOf(grids).find((run) => run.name === name)?.config;
    expect(config('share0.5-filter-seed0')).toMatchObject({
      filter: 'clean',
      noisyShare: 0.5,
      method: { robust: null },
    });
    expect(config('r0.5-share1-robust-seed0')).toMatchObject({
      filter: 'none',
      noisyShare: 1,
      method: { robust: { q: 0.5, lambda: 0.025 } },
    });
    const dense = recipe('dense-smoke');
    const pixpro = dense.panels
      .filter(({ name }) => name === 'pixpro')
      .map((one) => ({ ...one, remedies: ['robust' as const] }));
    expect(() => expandGrid({ ...dense, panels: pixpro })).toThrow(
      'remedy robust: expected a method with InfoNCE (moco, densecl, vader), got pixpro',
    );
  },
);

test('on CIFAR-10 the level is the mislabelled share, 0 included', () => {
  expect(names(expandGrid(recipe('cifar10-smoke')))).toEqual([
    'cifar10-random-seed0',
    'cifar10-supervised-seed0',
    'cifar10-clean-seed0',
    'cifar10-m0-share1-seed0',
    'cifar10-m1-share1-seed0',
    'vts-random-seed0',
    'vts-supervised-seed0',
    'vts-clean-seed0',
    'vts-r1-share1-seed0',
  ]);
});
