import { expect, test } from 'vitest';
import { configHash, parseConfig, runConfig, sweepConfig } from './config.ts';
import { expandGrid } from './grid.ts';
import { recipe, recipes } from './recipes/registry.ts';

test('every recipe is a complete, valid configuration, and names itself', () => {
  for (const name of Object.keys(recipes)) expect(recipe(name).base.recipe).toBe(name);
  expect(() => recipe('vts-mocco')).toThrow('recipe: expected one of vts-moco, vts-moco-full, xbd-moco, smoke, xbd-smoke, got vts-mocco');
});

test('the grid: bounds and clean pairs once a seed, and every r_img with every noisy share', () => {
  const runs = expandGrid(recipe('vts-moco'));
  expect(runs.length).toBe(3 * (2 + 1 + 3 * 2));
  expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
  expect(new Set(runs.map(({ config }) => configHash(config))).size).toBe(runs.length);
  const cells = runs.filter(({ config }) => config.kind === 'pretrained' && config.seed === 1).map(({ config }) => [config.imageNoise, config.noisyShare]);
  expect(cells).toEqual([[0, 0], [0.25, 0.5], [0.25, 1], [0.5, 0.5], [0.5, 1], [1, 0.5], [1, 1]]);
  for (const { name, config } of runs) expect(parseConfig(runConfig, config, name)).toEqual(config);
});

test('a key that is unknown, missing or out of range stops with the key, what was expected and what came', () => {
  const sweep = recipe('smoke');
  const { config } = expandGrid(sweep)[0] ?? expect.fail();
  expect(() => parseConfig(runConfig, { ...config, pretrain: { ...config.pretrain, learningrate: 1 } }, 'config')).toThrow('config: expected only known keys, got pretrain.learningrate');
  expect(() => parseConfig(runConfig, { ...config, noisyShare: 1.5 }, 'config')).toThrow(/^config noisyShare: .*<=1, got 1\.5$/);
  expect(() => parseConfig(runConfig, { ...config, seed: undefined }, 'config')).toThrow(/^config seed: .*expected number.*got undefined$/);
  expect(() => parseConfig(sweepConfig, { ...sweep, seeds: 0 }, 'sweep')).toThrow(/^sweep seeds: .*>=1, got 0$/);
});

test('the hash tells configurations apart, and does not depend on the order of keys', () => {
  const { config } = expandGrid(recipe('smoke'))[0] ?? expect.fail();
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  expect(configHash(reversed)).toBe(configHash(config));
  expect(configHash({ ...config, seed: 99 })).not.toBe(configHash(config));
});
