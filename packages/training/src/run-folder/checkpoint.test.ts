import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, flattenTree, tf } from '@noisy-pairs/engine';
import { saveWeights } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint-format.ts';
import { findCheckpoint, loadCheckpoint, removeUnfinished, saveCheckpoint } from './checkpoint.ts';

const folder = () => mkdtemp(join(tmpdir(), 'checkpoint-'));
const settings = { learningRate: 0.1, views: { size: 8 }, clipNorm: undefined };
const at = (step: number): Checkpoint => ({
  step,
  tail: { count: 2, sums: { loss: 1.25, featureStd: 0.5 } },
  times: { training: 3.5, waiting: 0.25, paused: 1 },
  settings,
});
const state = {
  query: {
    w: tf.tensor2d([
      [1.1, -0],
      [3.3, 1e-40],
    ]),
  },
  queues: { queue: tf.tensor1d([5]) },
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
  expect(loaded.state.query.w.shape).toEqual([2, 2]);
  const values = flattenTree(loaded.state);
  for (const [name, tensor] of Object.entries(flattenTree(state)))
    expect(values[name]?.dataSync()).toEqual(tensor.dataSync());
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

it('refuses another model, other settings and a damaged file, and says why', async () => {
  const out = await folder();
  await saveCheckpoint(out, state, at(10));
  const path = join(out, 'checkpoint.safetensors');
  const before = tf.memory().numTensors;
  const { query, queues } = state;
  await expect(
    loadCheckpoint(path, { query, queues: { queue: query.w } }, settings),
  ).rejects.toThrow(`${path}: queues/queue: expected shape [2, 2], got [1]`);
  await expect(loadCheckpoint(path, { queues }, settings)).rejects.toThrow(
    'query/w: expected shape none, got [2, 2]',
  );
  await expect(loadCheckpoint(path, state, { ...settings, views: { size: 16 } })).rejects.toThrow(
    'views: expected {"size":16}, got {"size":8} in the checkpoint',
  );
  await expect(loadCheckpoint(path, state, { ...settings, clipNorm: 1 })).rejects.toThrow(
    'clipNorm: expected 1, got none in the checkpoint',
  );
  await saveWeights(path, flattenTree(state), { checkpoint: '{"version":1}' });
  await expect(loadCheckpoint(path, state, settings)).rejects.toThrow('version: expected 3, got 1');
  await writeFile(path, (await readFile(path)).subarray(0, -4));
  await expect(loadCheckpoint(path, state, settings)).rejects.toThrow(path);
  expect(tf.memory().numTensors).toBe(before);
});
