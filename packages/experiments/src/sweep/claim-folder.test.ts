import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, Random, writePng } from '@noisy-pairs/imaging';
import { indexXbd, writeIndex, writeSampleSet, type XbdIndex } from '@noisy-pairs/xbd';
import { expect, test } from 'vitest';
import { configHash } from '../config/run-config.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import { cifar10 } from '../data/cifar10/cifar10.ts';
import { givenXbd } from '../data/xbd/given.ts';
import type { XbdData } from '../data/xbd/schema.ts';
import { madeUpResult } from '../fixtures/made-up-result.ts';
import { recipe } from '../recipes/registry.ts';
import { finishedRuns, planSweep } from './plan.ts';
import { prepareSweep } from './prepare.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'contents-'));
const random = Random.from('contents');
const photograph = () =>
  createRaster(
    32,
    32,
    1,
    Uint8Array.from({ length: 1024 }, () => random.int(256)),
  );

/** A sweep on textures, and the folder of these. */
async function onTextures(): Promise<{ textures: string; sweep: (dir: string) => SweepConfig }> {
  const textures = folder();
  for (const name of ['a', 'b', 'n']) {
    mkdirSync(join(textures, name));
    await writePng(join(textures, name, '0.png'), photograph());
  }
  const sweep = (dir: string): SweepConfig => {
    const base = recipe('smoke');
    const panels = base.panels.map((panel) => {
      const { data } = panel.base;
      if (data.kind !== 'vts') throw new Error('expected VTS');
      const given = { kind: 'folder' as const, dir, classes: ['a', 'b'], noiseClass: 'n' };
      return { ...panel, base: { ...panel.base, data: { ...data, textures: given } } };
    });
    return { ...base, panels };
  };
  return { textures, sweep };
}

async function prepare(sweep: SweepConfig, out: string): Promise<string[]> {
  const notes: string[] = [];
  const prepared = await prepareSweep(planSweep(sweep, out), (line) => {
    notes.push(line);
  });
  await prepared.release();
  return notes;
}

test('changed data are refused by the name of the file; moved data are the same', async () => {
  const { textures, sweep } = await onTextures();
  const out = join(folder(), 'out');
  expect(await prepare(sweep(textures), out)).toEqual([]);
  const [run] = planSweep(sweep(textures), out).runs;
  if (!run) expect.fail();
  const result = JSON.stringify(madeUpResult(configHash(run.config)));
  writeFileSync(join(run.folder, 'result.json'), result);

  const moved = folder();
  cpSync(textures, moved, { recursive: true });
  expect(await prepare(sweep(moved), out)).toEqual([]);
  expect(finishedRuns(planSweep(sweep(moved), out)).map(({ name }) => name)).toEqual([run.name]);

  const another = `${out}: expected a sweep of the same recipe and data, got another`;
  await writePng(join(moved, 'b', '0.png'), photograph());
  await expect(prepare(sweep(moved), out)).rejects.toThrow(`${another}: b/0.png has changed;`);
  await writePng(join(moved, 'n', '1.png'), photograph());
  await expect(prepare(sweep(moved), out)).rejects.toThrow('b/0.png has changed, n/1.png is new;');
  expect(await prepare(sweep(textures), out)).toEqual([]);
  const { seeds, ...rest } = sweep(textures);
  await expect(prepare({ ...rest, seeds, recipe: 'other' }, out)).rejects.toThrow(`${another};`);
});

test('a sweep.json of before is taken at its word once, where it was, with a line', async () => {
  const { textures, sweep } = await onTextures();
  const out = join(folder(), 'out');
  await prepare(sweep(textures), out);
  const path = join(out, 'sweep.json');
  const { contents, ...before } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify(before));
  const moved = folder();
  cpSync(textures, moved, { recursive: true });
  await expect(prepare(sweep(moved), out)).rejects.toThrow('got another;');
  expect(await prepare(sweep(textures), out)).toEqual([
    `${path}: no hashes of the data, which are taken to be those of before; added now`,
  ]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ contents });
  expect(await prepare(sweep(textures), out)).toEqual([]);
});

test('the files of CIFAR-10 are known by their contents, names in any case', async () => {
  const dir = folder();
  const { data } = recipe('cifar10-smoke').panels[0]?.base ?? expect.fail();
  if (data.kind !== 'cifar10') expect.fail();
  const of = () => cifar10.contents({ ...data, dir });
  writeFileSync(join(dir, 'data_batch_1.bin'), 'one');
  writeFileSync(join(dir, 'TEST_BATCH.BIN'), 'test');
  const before = await of();
  expect(Object.keys(before)).toEqual(['data_batch_1.bin', 'test_batch.bin']);
  writeFileSync(join(dir, 'data_batch_1.bin'), 'two');
  const now = await of();
  expect(now['data_batch_1.bin']).not.toBe(before['data_batch_1.bin']);
  expect(now['test_batch.bin']).toBe(before['test_batch.bin']);
});

test('the images and labels of xBD are known by their sizes, the index by its hash', async () => {
  const dir = folder();
  await writeSampleSet({ out: dir, tiles: 4, size: 64, seed: 1, layout: 'png' });
  const index = join(dir, 'index.json');
  const { pairs } = await writtenIndex(dir, index);
  const { data } = recipe('xbd-smoke').panels[0]?.base ?? expect.fail();
  if (data.kind !== 'xbd') expect.fail();
  const splits = [...new Set(pairs.map(({ split }) => split))];
  const sweep = (): SweepConfig => {
    const base = recipe('smoke');
    const own = { ...data, index, trainSplits: splits, testSplits: splits };
    const panels = base.panels.map((panel) => ({ ...panel, base: { ...panel.base, data: own } }));
    return { ...base, panels };
  };
  const out = join(folder(), 'out');
  expect(await prepare(sweep(), out)).toEqual([]);
  expect(await prepare(sweep(), out)).toEqual([]);
  const tile = pairs[1]?.post ?? expect.fail();
  appendFileSync(join(dir, tile), 'more');
  await expect(prepare(sweep(), out)).rejects.toThrow(`${tile} has changed;`);
});

async function writtenIndex(dir: string, file: string): Promise<XbdIndex> {
  const index = await indexXbd(dir);
  await writeIndex(file, index);
  return index;
}

test('a missing folder of xBD, or of its index, is one line', async () => {
  const dir = folder();
  const panel = { data: {} as XbdData, imageNoises: [0], noisyShares: [] };
  const given = (data: string) => givenXbd(panel, { recipe: 'xbd-moco', data }, () => undefined);
  const missing = join(dir, 'missing');
  await expect(given(missing)).rejects.toThrow(
    `--data: expected a folder or an index of xBD, got none at ${missing}`,
  );
  const index = join(dir, 'index.json');
  const rest = { pairs: [], problems: [], unknownFiles: [] };
  const text = { format: 'noisy-pairs/xbd-index', version: 1, root: missing, ...rest };
  writeFileSync(index, JSON.stringify(text));
  await expect(given(index)).rejects.toThrow(
    `${index}: expected the folder of its files at ${missing}, got none`,
  );
  rmSync(dir, { recursive: true });
});
