import { expect, test } from 'vitest';
import { recipe } from '../../recipes/registry.ts';
import { expandGrid, runsOf } from '../../sweep/grid.ts';
import { withOverrides } from './overrides.ts';

/** A recipe with other values, and what was said about them. */
function overridden(name: string, ...settings: string[]) {
  const said: string[] = [];
  const sweep = withOverrides(recipe(name), settings, (line) => said.push(line));
  return { sweep, said };
}

test('values are typed by the schema, in every panel, and listed among the assumptions', () => {
  const { sweep, said } = overridden(
    'vts-dense',
    'pretrain.steps=2000',
    'method.temperature=0.1',
    'encoder.stem=small',
    'views.quarterTurns=true',
    'views.scale=[0.5, 1]',
    'encoder.batchNormGroups=2',
    'data.textures={"kind":"folder","dir":"a=b","classes":["x","y"],"noiseClass":"z"}',
    'noisyShares=[0.1]',
  );
  expect(said).toEqual([]);
  expect(sweep.panels.length).toBe(5);
  for (const [i, { base, noisyShares }] of sweep.panels.entries()) {
    const { base: before } = recipe('vts-dense').panels[i] ?? expect.fail();
    expect(base).toEqual({
      ...before,
      method: { ...before.method, temperature: 0.1 },
      data: {
        ...before.data,
        textures: { kind: 'folder', dir: 'a=b', classes: ['x', 'y'], noiseClass: 'z' },
      },
      encoder: { ...before.encoder, stem: 'small', batchNormGroups: 2 },
      views: { ...before.views, quarterTurns: true, scale: [0.5, 1] },
      pretrain: { ...before.pretrain, steps: 2000 },
    });
    expect(noisyShares).toEqual([0.1]);
  }
  const ours = sweep.assumptions.filter(([field]) => field.startsWith('--set'));
  expect(ours.slice(0, 2)).toEqual([
    ['--set pretrain.steps', '2000', 'given by the user, in place of 4000'],
    ['--set method.temperature', '0.1', 'given by the user, in place of 0.2 or 0.3'],
  ]);
  expect(ours.length).toBe(8);
  expect(runsOf(expandGrid(sweep))[0]?.config.pretrain.steps).toBe(2000);
});

test('what only some panels have is set in those, and said', () => {
  const { sweep, said } = overridden('vts-dense', 'method.distance=0.5');
  expect(said).toEqual(['--set method.distance: in panels pixcontrast, pixpro; others have none']);
  const distances = sweep.panels.map(({ base: { method } }) =>
    'distance' in method ? method.distance : undefined,
  );
  expect(distances).toEqual([undefined, undefined, 0.5, 0.5, undefined]);
});

test.each([
  ['pretrain.step=5', '--set: expected a known key such as pretrain.steps, got pretrain.step'],
  ['steps=5', '--set: expected a known key such as pretrain.steps, got steps'],
  [
    'temprature=1',
    '--set: expected a known key such as knn.temperature or method.temperature, got temprature',
  ],
  ['methd.momentum=1', '--set: expected a known key such as method.momentum, got methd.momentum'],
  ['imagenoises=[1]', '--set: expected a known key such as imageNoises, got imagenoises'],
  ['method.distance=1', '--set: expected a known key such as '], // MoCo has none
  ['constructor=1', '--set: expected a known key such as '],
  [
    'pretrain.steps.x=1',
    '--set: expected a known key such as pretrain.steps, got pretrain.steps.x',
  ],
  ['seeds=5', '--set: expected --seeds for the number of seeds'],
  ['pretrain.steps', '--set: expected KEY=VALUE, got pretrain.steps'],
])('%s: an unknown key is refused, with the nearest one', (setting, message) => {
  expect(() => overridden('vts-moco', setting)).toThrow(message);
});

test.each([
  [
    'pretrain.steps=many',
    '--set pretrain.steps: Invalid input: expected number, received string, got "many"',
  ],
  ['pretrain.steps=1.5', '--set pretrain.steps: Invalid input: expected int, received number, '],
  ['pretrain.steps=0', '--set pretrain.steps: Too small: expected number to be >=1, got 0'],
  ['pretrain.steps=', '--set pretrain.steps: Invalid input: expected number, received string'],
  ['pretrain.steps=Infinity', '--set pretrain.steps: Invalid input: expected number, received'],
  ['encoder.depth=19', '--set encoder.depth: Invalid option: expected one of 10|18|34|50, got 19'],
  ['views.scale=[1]', '--set views.scale: Too small: expected array to have >=2 items, got [1]'],
  ['noisyShares=[0.5,0.5]', '--set noisyShares: expected distinct values, got [0.5,0.5]'],
  ['knn={"k":5}', '--set knn temperature: Invalid input: expected number, received undefined'],
  [
    'pretrain.steps=240',
    '--set panels.0.base.pretrain.warmupSteps: expected fewer than the 240 steps of the run, ' +
      'with holdSteps, got 240',
  ],
  [
    'method.name=simclr',
    '--set method.name: Invalid option: expected one of "moco"|"densecl"|"pixcontrast"|"pixpro"|',
  ],
  ['method.name=pixpro', '--set panels.0.base.method.instanceWeight: Invalid input: expected'],
])('%s: a value that is not allowed is refused, with what is', (setting, message) => {
  expect(() => overridden('vts-moco', setting)).toThrow(message);
});

test('a key has one value', () => {
  expect(() => overridden('vts-moco', 'knn.k=1', 'threads=1', 'knn.k=2')).toThrow(
    '--set knn.k: expected one value, got 1, 2',
  );
});
