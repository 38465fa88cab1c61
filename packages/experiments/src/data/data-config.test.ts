import { expect, test } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { recipe, recipes } from '../recipes/registry.ts';
import { dataConfig, dataKinds, kindNamed, kindOf } from './data-config.ts';

/** Every configuration of data that a recipe has. */
const configs = Object.keys(recipes)
  .flatMap((name) => recipe(name).panels)
  .map(({ base }) => base.data);

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
    'data: expected one of cifar10, vts, xbd, got eurosat',
  );
  expect(() => parseConfig(dataConfig, { kind: 'eurosat' }, 'data')).toThrow(/^data kind: /);
});
