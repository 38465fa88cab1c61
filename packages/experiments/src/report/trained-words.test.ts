import { expect, test } from 'vitest';
import { expandGrid, runsOf } from '../sweep/grid.ts';
import { recipe } from '../recipes/registry.ts';
import { trainedWords } from './trained-words.ts';

const words = (name: string) =>
  Object.fromEntries(
    runsOf(expandGrid(recipe(name)))
      .filter(({ config }) => config.seed === 0)
      .map((run) => [run.name.replace('-seed0', ''), trainedWords(run.config)]),
  );

test('what an encoder learned from, for every run of a sweep', () => {
  expect(words('smoke')).toEqual({
    random: 'random encoder',
    supervised: 'trained with labels',
    clean: 'MoCo v2 on clean pairs',
    'r0.5-share1': 'MoCo v2 on r_img 0.5, noisy share 1',
  });
  expect(words('filter-smoke')).toMatchObject({
    'share0.5-filter': 'MoCo v2 on clean pairs, a share of 0.5 filtered out as noisy',
    'clean-robust': 'MoCo v2 on clean pairs, robust loss',
  });
  expect(words('cifar10-smoke')).toMatchObject({
    'cifar10-clean': 'MoCo v2 on pairs of one image',
    'cifar10-m1-share1': 'MoCo v2 on mislabelled 1, pairs by label 1',
  });
  expect(words('dense-smoke')).toMatchObject({ 'pixpro-clean': 'PixPro on clean pairs' });
});
