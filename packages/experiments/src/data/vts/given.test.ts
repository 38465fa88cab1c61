import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, Random, writePng } from '@noisy-pairs/imaging';
import { chooseTextures } from '@noisy-pairs/vts';
import { expect, it } from 'vitest';
import { givenTextures } from './given.ts';
import type { VtsData } from './schema.ts';

const builtIn = { kind: 'procedural', classes: 2, instances: 64 };

it('litter and dead links in a texture folder are no classes, and are said', async () => {
  const textures = mkdtempSync(join(tmpdir(), 'textures-'));
  for (const name of ['brick', 'grass', 'gravel', '.ipynb_checkpoints', 'lost+found'])
    mkdirSync(join(textures, name));
  for (const name of ['brick', 'grass', 'gravel'])
    await writePng(join(textures, name, 'a.png'), createRaster(32, 32, 3));
  writeFileSync(join(textures, 'brick', '._a.png'), 'Mac OS X');
  symlinkSync('/nowhere', join(textures, 'dangling'));
  symlinkSync('/nowhere.png', join(textures, 'gone.png'));

  expect(chooseTextures(textures, 32)).toEqual({
    kind: 'folder',
    dir: textures,
    classes: ['brick', 'grass'],
    noiseClass: 'gravel',
  });
  const lines: string[] = [];
  const data = { size: 32, textures: builtIn } as VtsData;
  await givenTextures(
    { data, imageNoises: [], noisyShares: [] },
    { recipe: 'r', textures },
    (line) => {
      lines.push(line);
    },
  );
  expect(lines).toEqual([
    '4 left out of the textures: .ipynb_checkpoints, brick/._a.png, dangling, gone.png',
    'textures: pretraining, training and test images show the same photographs',
  ]);
});

it('the report says which textures pretraining, training and test images share', async () => {
  const textures = mkdtempSync(join(tmpdir(), 'textures-'));
  const random = Random.from('photographs');
  const photograph = (width: number) =>
    createRaster(
      width,
      32,
      1,
      Uint8Array.from({ length: 32 * width }, () => random.int(256)),
    );
  for (const [name, files, width] of [
    ['brick', 3, 32],
    ['grass', 1, 96],
    ['gravel', 2, 95],
  ] as const) {
    mkdirSync(join(textures, name));
    for (let i = 0; i < files; i++)
      await writePng(join(textures, name, `${i}.png`), photograph(width));
  }
  const data = { size: 32, textures: builtIn } as VtsData;
  const panel = { data, imageNoises: [], noisyShares: [] };
  const { assumptions } = await givenTextures(panel, { recipe: 'r', textures }, () => undefined);
  expect(assumptions?.['textures']?.[1]).toBe(
    'given by the user; pretraining, training and test images show different photographs ' +
      '(brick), disjoint regions of the same photographs (grass), the same photographs (gravel)',
  );
});
