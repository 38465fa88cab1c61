import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, flattenTree, tf, type NamedTensors } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import {
  denseCl,
  moco,
  pixContrast,
  pixPro,
  resnet,
  vader,
  type Method,
  type NetworkState,
} from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { hashEncoder } from '../encoders/encoder-weights.ts';
import { pretrain } from './pretrain.ts';
import { startingEncoder, withEncoder } from './start-weights.ts';

const folder = () => mkdtemp(join(tmpdir(), 'start-'));
const bits = (tensors: NamedTensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
const encoder = resnet({ depth: 10, width: 8, stem: 'small', strides: [1, 2] });
const settings = { dimensions: 16, hidden: 16, queueSize: 64, momentum: 0.9, temperature: 0.5 };
const methods: Readonly<Record<string, Method>> = {
  moco: moco(encoder, settings),
  densecl: denseCl(encoder, { ...settings, instanceWeight: 0.5 }),
  pixcontrast: pixContrast(encoder, { ...settings, instanceWeight: 0.5, distance: 0.7 }),
  pixpro: pixPro(encoder, { ...settings, instanceWeight: 0.5, distance: 0.7 }),
  vader: vader(encoder, { ...settings, instanceWeight: 0.5, points: 4 }),
};

/**
 * An encoder's weights, with statistics that are not a start's, and a head's entry that must be
 * left out.
 */
function given(seed = 5): NetworkState {
  const { params, stats } = encoder.init(Random.from(seed));
  const moved = Object.fromEntries(
    Object.entries(stats).map(([name, tensor]) => [name, tensor.add(0.5)]),
  );
  disposeAll(stats);
  return { params: { ...params, 'fc.0.weight': tf.ones([8, 16]) }, stats: moved };
}

it.each(Object.keys(methods))(
  '%s begins with the given encoder as query and as key, and with its heads and queues as without',
  async (name) => {
    const method = methods[name] as Method;
    const weights = given();
    const random = method.init(Random.from(1));
    const before = bits(flattenTree(random));
    const state = withEncoder(random, (await startingEncoder(method, weights)).weights);
    const { params, stats } = { params: bits(weights.params), stats: bits(weights.stats) };
    const own = encoder.init(Random.from(0)),
      of = (tensors: NamedTensors, entry: string) => entry in tensors;
    let replaced = 0;
    for (const [key, values] of Object.entries(bits(flattenTree(state)))) {
      const [prefix = '', ...rest] = key.split('/'),
        entry = rest.join('/');
      const source = prefix.endsWith('Stats')
        ? of(own.stats, entry) && stats[entry]
        : rest.length > 0 && of(own.params, entry) && params[entry];
      expect(values, key).toEqual(source ? source : before[key]);
      if (source) replaced++;
    }
    expect(replaced).toBe(2 * (Object.keys(own.params).length + Object.keys(own.stats).length));
    for (const owned of [own.params, own.stats, weights.params, weights.stats, state])
      disposeAll(owned);
  },
);

it(
  'a run goes on from them, leaves them alone, and is not taken up with others',
  { timeout: 60_000 },
  async () => {
    const out = await folder(),
      weights = given(),
      hash = await hashEncoder(weights);
    const before = tf.memory().numTensors;
    const run = { ...smallRun(out), method: methods['moco'] as Method };
    // At learning rate 0 what comes out is what went in.
    const { encoder: after } = await pretrain({ ...run, learningRate: 0, start: weights });
    const learnt = bits(after.params);
    for (const [name, values] of Object.entries(bits(weights.params)))
      if (name !== 'fc.0.weight') expect(learnt[name], name).toEqual(values);
    for (const owned of [after.params, after.stats]) disposeAll(owned);
    expect(tf.memory().numTensors).toBe(before);
    expect(await hashEncoder(weights)).toBe(hash);

    const others = given(6);
    await expect(pretrain({ ...run, learningRate: 0, start: others })).rejects.toThrow(
      /safetensors: start: expected "[0-9a-f]{64}", got "[0-9a-f]{64}" in the checkpoint/,
    );
    await expect(pretrain({ ...run, learningRate: 0 })).rejects.toThrow(
      /start: expected none, got "[0-9a-f]{64}" in the checkpoint/,
    );
    const again = await pretrain({ ...run, learningRate: 0, start: weights });
    for (const owned of [
      again.encoder.params,
      again.encoder.stats,
      others.params,
      others.stats,
      weights.params,
      weights.stats,
    ])
      disposeAll(owned);
  },
);

it('lists what the given weights lack', async () => {
  const weights = given(),
    before = tf.memory().numTensors;
  const { 'conv1.weight': first, 'bn1.bias': second, ...rest } = weights.params;
  const wrong: NamedTensors = { ...rest, 'bn1.bias': tf.zeros([3]) };
  const run = { ...smallRun(await folder()), method: methods['moco'] as Method };
  await expect(
    pretrain({ ...run, start: { params: wrong, stats: weights.stats } }),
  ).rejects.toThrow(
    'start of moco: conv1.weight: expected shape [3, 3, 3, 8], got none; bn1.bias: expected ' +
      'shape [8], got [3]',
  );
  await expect(pretrain({ ...run, start: { params: {}, stats: {} } })).rejects.toThrow(
    /^start of moco: conv1\.weight: .*; and \d+ more$/,
  );
  wrong['bn1.bias']?.dispose();
  expect(tf.memory().numTensors).toBe(before);
  for (const owned of [weights.params, weights.stats]) disposeAll(owned);
  expect([first?.shape, second?.shape]).toEqual([[3, 3, 3, 8], [8]]);
});
