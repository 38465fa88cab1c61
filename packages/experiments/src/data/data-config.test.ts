import { expect, test } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { recipe, recipes } from '../recipes/registry.ts';
import { dataConfig, dataKinds, kindNamed, kindOf, type DataConfig } from './data-config.ts';

/** Own pairs, as experiments:audit describes them. */
const ownPairs: DataConfig = {
  kind: 'folders',
  index: 'pairs.jsonl',
  scores: 'scores.json',
  task: 'segmentation',
  drop: 0.2,
  size: 64,
  pairs: 100,
  train: 20,
  test: 10,
};

/** Every configuration of data that a recipe has, and the audit's. */
const configs = Object.keys(recipes)
  .flatMap((name) => recipe(name).panels)
  .map(({ base }) => base.data)
  .concat(ownPairs);

test('a configuration is of the kind that it names, and of no other', () => {
  for (const data of configs) {
    const kind = kindOf(data);
    expect(kind).toBe(kindNamed(data.kind));
    expect(parseConfig(dataConfig, data, 'data')).toEqual(data);
    for (const other of dataKinds)
      expect(other.schema.safeParse(data).success, other.name).toBe(other === kind);
  }
  expect(new Set(configs.map(kindOf))).toEqual(new Set(dataKinds));
});

test('what heads learn and what is measured are of one kind of labels', () => {
  for (const data of configs) {
    const first = kindOf(data).tasks(data)[0];
    const measured = first === 'classification' ? 'knnAccuracy' : 'meanIou';
    expect(kindOf(data).metric(data)?.name).toBe(measured);
  }
});

test('a kind that does not exist is refused with those that do', () => {
  expect(() => kindNamed('eurosat' as 'vts')).toThrow(
    'data: expected one of cifar10, folders, vts, xbd, got eurosat',
  );
  expect(() => parseConfig(dataConfig, { kind: 'eurosat' }, 'data')).toThrow(/^data kind: /);
});
