import { mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, flattenTree, tf } from '@noisy-pairs/engine';
import { saveWeights } from '@noisy-pairs/models';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint-format.ts';
import { findCheckpoints, loadCheckpoint, loadNewest, saveCheckpoint } from './checkpoint.ts';

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
  expect(findCheckpoints(out)).toEqual([]);
  await saveCheckpoint(out, state, at(10));
  const loaded = await loadCheckpoint(findCheckpoints(out)[0] ?? '', state, settings);
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
    const loaded = await loadCheckpoint(findCheckpoints(out)[0] ?? '', state, settings);
    disposeAll(loaded.state);
    return loaded.checkpoint.step;
  };
  expect(await stepOf()).toBe(20);
  await rename(join(out, 'checkpoint.safetensors'), join(out, 'checkpoint.next'));
  expect(await stepOf()).toBe(10);
});

it('a checkpoint that may not be put in place replaces nothing and leaves nothing', async () => {
  const out = await folder();
  await saveCheckpoint(out, state, at(10));
  const before = await readFile(join(out, 'checkpoint.safetensors'));
  const lost = () => {
    throw new Error("the folder is another process's");
  };
  await expect(saveCheckpoint(out, state, at(20), lost)).rejects.toThrow('another process');
  expect(await readdir(out)).toEqual(['checkpoint.safetensors']);
  expect(await readFile(join(out, 'checkpoint.safetensors'))).toEqual(before);
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
  await expect(loadCheckpoint(path, state, settings)).rejects.toThrow('version: expected 4, got 1');
  await writeFile(path, (await readFile(path)).subarray(0, -4));
  await expect(loadCheckpoint(path, state, settings)).rejects.toThrow(path);
  expect(tf.memory().numTensors).toBe(before);
});

describe('a damaged checkpoint', () => {
  type Damage = (whole: Buffer) => Buffer;
  const flip =
    (at: number, bit: number): Damage =>
    (whole) => {
      const bytes = Buffer.from(whole);
      const i = Math.floor(at * bytes.length);
      bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
      return bytes;
    };
  const rename =
    (from: string, to: string): Damage =>
    (whole) =>
      Buffer.from(whole.toString('latin1').replace(from, to), 'latin1');
  const flips = Array.from({ length: 40 }, (_, i): [string, Damage] => [
    `bit ${i % 8} flipped at ${i / 40}`,
    flip(i / 40, i % 8),
  ]);
  const damages: [string, Damage][] = [
    ['cut off', (whole) => whole.subarray(0, whole.length - 4)],
    ['cut to its half', (whole) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['zeros', (whole) => Buffer.alloc(whole.length)],
    ['last byte', flip(0.9999, 0)],
    ['step', rename('step', 'stop')],
    ['another step', rename('20,', '10,')],
    ['hash without name', rename('hash', 'hush')],
    ['position without name', rename('checkpoint', 'checkpaint')],
    ['tensor renamed', rename('query/w', 'query/v')],
    ...flips,
  ];

  it.each(damages)('%s: is left for the one before, then for the start', async (_, damage) => {
    const out = await folder();
    for (const step of [10, 20]) await saveCheckpoint(out, state, at(step));
    const [path = '', before = ''] = findCheckpoints(out);
    const whole = await readFile(path);
    await writeFile(path, damage(whole));
    const tensors = tf.memory().numTensors;
    const notes: string[] = [];
    const load = () => loadNewest(out, state, settings, (line) => notes.push(line));
    const found = await load();
    if (damage(whole).equals(whole)) expect.fail('nothing was damaged');
    expect(found?.checkpoint).toEqual({ ...at(10), settings: expect.anything() as unknown });
    expect(flattenTree(found?.state ?? {})['query/w']?.dataSync()).toEqual(
      state.query.w.dataSync(),
    );
    disposeAll(found?.state ?? {});
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^\S*checkpoint\.safetensors: .*: damaged; the run goes on from /);
    expect(notes[0]).toContain(before);

    await writeFile(before, damage(await readFile(before)));
    if (!damage(whole).equals(whole)) await writeFile(before, damage(whole));
    expect(await load()).toBeUndefined();
    expect(notes[1]).toMatch(/: damaged; the run goes on from its start$/);
    expect(findCheckpoints(out)).toEqual([]);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('of other settings or of an unknown version is refused, not left', async () => {
    const out = await folder();
    for (const step of [10, 20]) await saveCheckpoint(out, state, at(step));
    await expect(loadNewest(out, state, { ...settings, learningRate: 1 })).rejects.toThrow(
      'learningRate: expected 1, got 0.1 in the checkpoint',
    );
    expect(findCheckpoints(out)).toHaveLength(2);
  });

  it('of version 3, without hash and configurations, is read', async () => {
    const out = await folder();
    const path = join(out, 'checkpoint.safetensors');
    const position = JSON.stringify({ version: 3, ...at(10) });
    await saveWeights(path, flattenTree(state), { checkpoint: position });
    const now = { ...settings, 'method.temperature': 0.2, 'encoder.width': 8 };
    const found = await loadCheckpoint(path, state, now);
    expect(found.checkpoint.step).toBe(10);
    disposeAll(found.state);
    await saveCheckpoint(out, state, { ...at(20), settings: now });
    await expect(
      loadCheckpoint(path, state, { ...now, 'method.temperature': 0.5 }),
    ).rejects.toThrow(`${path}: method.temperature: expected 0.5, got 0.2 in the checkpoint`);
  });
});
