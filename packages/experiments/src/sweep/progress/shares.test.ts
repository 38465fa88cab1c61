import { expect, test } from 'vitest';
import { recipe } from '../../recipes/registry.ts';
import { expandGrid, runsOf, type NamedRun } from '../grid.ts';
import { openShares, shareDone } from './shares.ts';

const runs = (name: string) => runsOf(expandGrid(recipe(name)));
const find = (name: string, kind: NamedRun['config']['kind']) =>
  runs(name).find(({ config }) => config.kind === kind) ?? expect.fail();

test('a run is as far as its parts: pretraining, then the tasks of its data in their order', () => {
  const pretrained = find('smoke', 'pretrained');
  const half = { step: 5, steps: 10 };
  expect(shareDone(pretrained, { stage: 'pretraining', ...half })).toBeCloseTo(0.425, 12);
  expect(shareDone(pretrained, { stage: 'segmentation', ...half })).toBeCloseTo(0.925, 12);
  expect(shareDone(find('smoke', 'random'), { stage: 'segmentation', ...half })).toBe(0.5);
  const two = find('xbd-smoke', 'supervised');
  expect(shareDone(two, { stage: 'segmentation', ...half })).toBe(0.25);
  expect(shareDone(two, { stage: 'damage', ...half })).toBe(0.75);
  expect(
    shareDone(find('cifar10-smoke', 'random'), { stage: 'classification', step: 3, steps: 10 }),
  ).toBe(0.3);
});

test('runs weigh as much as they take: the bounds less than pretraining', () => {
  const [random, supervised, pretrained] = (['random', 'supervised', 'pretrained'] as const).map(
    (kind) => find('smoke', kind),
  ) as [NamedRun, NamedRun, NamedRun];
  const shares = openShares([random, supervised, pretrained]);
  expect(shares.describe()).toBe('0/3 runs done, about ? left');
  shares.end(random);
  expect(shares.done()).toBeCloseTo(0.15 / 1.55, 12);
  shares.end(supervised);
  expect(
    shares.update(pretrained, {
      stage: 'pretraining',
      step: 1,
      steps: 1,
      loss: 0,
      secondsLeft: 0,
    }),
  ).toBe(0.85);
  expect(shares.done()).toBeCloseTo(1.4 / 1.55, 12);
  shares.end(pretrained);
  expect(shares.describe()).toBe('3/3 runs done, about 0 s left');
});
