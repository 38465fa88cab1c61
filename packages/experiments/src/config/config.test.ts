import { expect, test } from 'vitest';
import { configHash, runConfig } from './run-config.ts';
import { sweepConfig } from './sweep-config.ts';
import { parseConfig } from './parse-config.ts';
import { expandGrid, runsOf } from '../sweep/grid.ts';
import { recipe, recipes } from '../recipes/registry.ts';

test('every recipe is a complete, valid configuration, and names itself', () => {
  for (const name of Object.keys(recipes)) expect(recipe(name).recipe).toBe(name);
  expect(() => recipe('vts-mocco')).toThrow(
    'recipe: expected one of vts-moco, vts-moco-long, vts-moco-full, vts-length, vts-dense, ' +
      'vts-filter, xbd-moco, xbd-dense, xbd-filter, cifar10-false-pairs, ' +
      'cifar10-false-pairs-full, smoke, length-smoke, dense-smoke, filter-smoke, xbd-smoke, ' +
      'cifar10-smoke, got vts-mocco',
  );
});

test("a recipe that measures lets each run choose its head's rate", () => {
  for (const name of Object.keys(recipes).filter((one) => !one.includes('smoke')))
    for (const { base } of recipe(name).panels)
      expect(base.head.learningRates.length, name).toBeGreaterThanOrEqual(3);
});

test(
  'a key that is unknown, missing or out of range stops with the key, what was expected and what ' +
    'came',
  () => {
    const sweep = recipe('smoke');
    const { config } = runsOf(expandGrid(sweep))[0] ?? expect.fail();
    expect(() =>
      parseConfig(
        runConfig,
        { ...config, pretrain: { ...config.pretrain, learningrate: 1 } },
        'config',
      ),
    ).toThrow('config: expected only known keys, got pretrain.learningrate');
    expect(() => parseConfig(runConfig, { ...config, noisyShare: 1.5 }, 'config')).toThrow(
      /^config noisyShare: .*<=1, got 1\.5$/,
    );
    expect(() => parseConfig(runConfig, { ...config, seed: undefined }, 'config')).toThrow(
      /^config seed: .*expected number.*got undefined$/,
    );
    expect(() =>
      parseConfig(runConfig, { ...config, method: { ...config.method, distance: 0.7 } }, 'config'),
    ).toThrow('config: expected only known keys, got method.distance');
    expect(() =>
      parseConfig(runConfig, { ...config, method: { ...config.method, name: 'simclr' } }, 'config'),
    ).toThrow(/^config method.name: /);
    expect(() => parseConfig(sweepConfig, { ...sweep, seeds: 0 }, 'sweep')).toThrow(
      /^sweep seeds: .*>=1, got 0$/,
    );
  },
);

test('the hash tells configurations apart, and does not depend on the order of keys', () => {
  const { config } = runsOf(expandGrid(recipe('smoke')))[0] ?? expect.fail();
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  expect(configHash(reversed)).toBe(configHash(config));
  expect(configHash({ ...config, seed: 99 })).not.toBe(configHash(config));
});
