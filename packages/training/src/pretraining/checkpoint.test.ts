import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf } from '@noisy-pairs/engine';
import { expect, it } from 'vitest';
import {
  findCheckpoint,
  loadCheckpoint,
  removeUnfinished,
  saveCheckpoint,
  type Checkpoint,
} from './checkpoint.ts';

const folder = () => mkdtemp(join(tmpdir(), 'checkpoint-'));
const settings = { learningRate: 0.1, views: { size: 8 }, clipNorm: undefined };
const at = (step: number): Checkpoint => ({
  step,
  tailSum: 1.25,
  tailStd: 0.5,
  tailCount: 2,
  seconds: 3.5,
  settings,
});
const state = {
  'query/w': tf.tensor2d([
    [1.1, -0],
    [3.3, 1e-40],
  ]),
  queue: tf.tensor1d([5]),
};

it('brings back state and position, bit for bit', async () => {
  const out = await folder();
  expect(findCheckpoint(out)).toBeUndefined();
  await saveCheckpoint(out, state, at(10));
  const loaded = await loadCheckpoint(findCheckpoint(out) ?? '', state, settings);
  expect(loaded.checkpoint).toEqual({
    ...at(10),
    settings: { learningRate: 0.1, views: { size: 8 } },
  });
  expect(loaded.state['query/w']?.shape).toEqual([2, 2]);
  for (const [name, tensor] of Object.entries(state))
    expect(loaded.state[name]?.dataSync()).toEqual(tensor.dataSync());
  disposeAll(loaded.state);
});

it('keeps the one before, and takes it when a kill fell between the renames', async () => {
  const out = await folder();
  for (const step of [10, 20]) await saveCheckpoint(out, state, at(step));
  const stepOf = async () => {
    const loaded = await loadCheckpoint(findCheckpoint(out) ?? '', state, settings);
    disposeAll(loaded.state);
    return loaded.checkpoint.step;
  };
  expect(await stepOf()).toBe(20);
  await rename(join(out, 'checkpoint.safetensors'), join(out, 'checkpoint.next.safetensors'));
  expect(await stepOf()).toBe(10);
  await removeUnfinished(out);
  expect(existsSync(join(out, 'checkpoint.next.safetensors'))).toBe(false);
});

it('refuses another model, other settings and a damaged file, and says how they differ', async () => {
  const out = await folder();
  await saveCheckpoint(out, state, at(10));
  const path = join(out, 'checkpoint.safetensors');
  const before = tf.memory().numTensors;
  await expect(
    loadCheckpoint(path, { ...state, queue: state['query/w'] }, settings),
  ).rejects.toThrow(`${path}: queue: expected shape [2, 2], got [1]`);
  await expect(loadCheckpoint(path, { queue: state.queue }, settings)).rejects.toThrow(
    'query/w: expected shape none, got [2, 2]',
  );
  await expect(loadCheckpoint(path, state, { ...settings, views: { size: 16 } })).rejects.toThrow(
    'views: expected {"size":16}, got {"size":8} in the checkpoint',
  );
  await expect(loadCheckpoint(path, state, { ...settings, clipNorm: 1 })).rejects.toThrow(
    'clipNorm: expected 1, got none in the checkpoint',
  );
  await writeFile(path, (await readFile(path)).subarray(0, -4));
  await expect(loadCheckpoint(path, state, settings)).rejects.toThrow(path);
  expect(tf.memory().numTensors).toBe(before);
});
