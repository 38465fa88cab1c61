import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  disposeAll,
  memory,
  tf,
  flattenTree,
  type NamedTensors,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { denseCl } from '../methods/densecl.ts';
import { encoderState, type Method } from '../methods/method.ts';
import { moco } from '../methods/moco.ts';
import type { EncoderConfig } from '../networks/encoder-config.ts';
import type { NetworkState } from '../networks/network.ts';
import { pixContrast } from '../methods/pixcontrast.ts';
import { pixPro } from '../methods/pixpro.ts';
import { resnet } from '../networks/resnet.ts';
import { exportEncoder } from './export-encoder.ts';
import { importEncoder } from './import-encoder.ts';
import { torchvisionModel } from './torchvision-model.ts';
import { vader } from '../methods/vader.ts';
import { saveWeights } from './weights.ts';

const config = { depth: 10, width: 2, stem: 'half', strides: [2, 2] } as const;
const encoder = resnet(config);
const path = () => join(mkdtempSync(join(tmpdir(), 'torchvision-')), 'x.safetensors');

/** A state whose statistics are not those of a fresh one. */
function state(seed = 1): NetworkState {
  const { params, stats } = encoder.init(Random.from(seed));
  return {
    params,
    stats: Object.fromEntries(
      Object.entries(stats).map(([name, tensor], i) => [name, tensor.add(0.1 * (i + 1))]),
    ),
  };
}
const features = ({ params, stats }: NetworkState) =>
  tf.tidy(() => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 2 * 17 * 17 * 3 }, (_, i) => Math.sin(i)),
      [2, 17, 17, 3],
    );
    return encoder.apply(params, stats, x, false).y.dataSync();
  });

interface Made {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}
/** A .safetensors file by the format's description. */
function write(file: string, entries: Record<string, Made>): void {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(entries).map(([name, { dtype, shape, bytes }]) => [
      name,
      { dtype, shape, data_offsets: [at, (at += bytes.length)] },
    ]),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(text.length);
  writeFileSync(
    file,
    Buffer.concat([length, text, ...Object.values(entries).map(({ bytes }) => bytes)]),
  );
}
/** The state as torchvision would save it, by a loop over sides; values as `encode` writes them. */
function torchEntries(
  { params, stats }: NetworkState,
  dtype = 'F32',
  width = 4,
  encode = (buffer: Buffer, value: number, at: number) => {
    buffer.writeFloatLE(value, at);
  },
): Record<string, Made> {
  return Object.fromEntries(
    Object.entries({ ...params, ...stats }).map(([name, tensor]) => {
      const values = tensor.dataSync();
      const bytes = Buffer.alloc(width * tensor.size);
      let at = 0;
      const put = (i: number) => {
        encode(bytes, values[i] as number, width * at++);
      };
      if (tensor.rank !== 4) {
        for (let i = 0; i < tensor.size; i++) put(i);
        return [name, { dtype, shape: tensor.shape, bytes }];
      }
      const [h, w, inputs, outputs] = (tensor as Tensor4D).shape;
      for (let o = 0; o < outputs; o++)
        for (let i = 0; i < inputs; i++)
          for (let y = 0; y < h; y++)
            for (let x = 0; x < w; x++) put(((y * w + x) * inputs + i) * outputs + o);
      return [name, { dtype, shape: [outputs, inputs, h, w], bytes }];
    }),
  );
}
const expectSame = (got: NetworkState, expected: NetworkState) => {
  for (const part of ['params', 'stats'] as const) {
    expect(Object.keys(got[part])).toEqual(Object.keys(expected[part]));
    for (const [name, tensor] of Object.entries(expected[part])) {
      expect(got[part][name]?.shape, name).toEqual(tensor.shape);
      expect(got[part][name]?.dataSync(), name).toEqual(tensor.dataSync());
    }
  }
};
const without = <T>(entries: Readonly<Record<string, T>>, ...names: string[]) =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
const small = { dimensions: 4, hidden: 6, queueSize: 8, momentum: 0.9, temperature: 0.2 };

test('the shapes that an encoder tells are those of what it makes', () => {
  for (const each of [
    encoder,
    resnet({ depth: 50, width: 4, stem: 'imagenet', strides: [1, 2, 2, 2] }),
  ]) {
    const made = each.init(Random.from(0));
    const shapes = (of: NamedTensors) =>
      Object.fromEntries(Object.entries(of).map(([name, { shape }]) => [name, shape]));
    expect({ params: shapes(made.params), stats: shapes(made.stats) }).toEqual(each.shapes);
  }
});

test("torchvision's own file, with classifier and counters, comes in; nothing leaks", async () => {
  const file = path();
  const original = state();
  write(file, {
    ...torchEntries(original),
    'bn1.num_batches_tracked': { dtype: 'I64', shape: [], bytes: new Uint8Array(8) },
    'layer1.0.bn1.num_batches_tracked': { dtype: 'I64', shape: [], bytes: new Uint8Array(8) },
    'fc.weight': { dtype: 'F32', shape: [1000, 4], bytes: new Uint8Array(16_000) },
    'fc.bias': { dtype: 'F32', shape: [1000], bytes: new Uint8Array(4000) },
    // MoCo v2's head, in the classifier's place
    'fc.0.weight': { dtype: 'F32', shape: [4, 4], bytes: new Uint8Array(64) },
    'fc.2.bias': { dtype: 'F32', shape: [4], bytes: new Uint8Array(16) },
  });
  const before = memory().tensors;
  const back = await importEncoder(file, encoder);
  expectSame(back, original);
  expect(features(back)).toEqual(features(original));
  disposeAll(back.params);
  disposeAll(back.stats);
  expect(memory().tensors).toBe(before);
});

test('bfloat16 and half precision come as the very numbers they are', async () => {
  // Values that both formats have.
  const original = tf.tidy(() => {
    const { params, stats } = state();
    const coarse = (tensors: NamedTensors) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [name, tensor.mul(64).round().div(64)]),
      );
    return { params: coarse(params), stats: coarse(stats) };
  });
  const file = path();
  const float = Buffer.alloc(4);
  write(
    file,
    torchEntries(original, 'BF16', 2, (buffer, value, at) => {
      float.writeFloatLE(value);
      expect(float.readUInt16LE(0)).toBe(0);
      buffer.writeUInt16LE(float.readUInt16LE(2), at);
    }),
  );
  expectSame(await importEncoder(file, encoder), original);
  write(
    file,
    torchEntries(original, 'F16', 2, (buffer, value, at) => {
      const exponent = value === 0 ? -15 : Math.floor(Math.log2(Math.abs(value)));
      const fraction = value === 0 ? 0 : (Math.abs(value) / 2 ** exponent - 1) * 1024;
      buffer.writeUInt16LE(
        (value < 0 || Object.is(value, -0) ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction,
        at,
      );
    }),
  );
  expectSame(await importEncoder(file, encoder), original);
});

test.each<[string, Method]>([
  ['moco', moco(encoder, small)],
  ['densecl', denseCl(encoder, { ...small, instanceWeight: 0.5 })],
  ['pixcontrast', pixContrast(encoder, { ...small, instanceWeight: 1, distance: 0.7 })],
  ['pixpro', pixPro(encoder, { ...small, instanceWeight: 0, distance: 0.7 })],
  ['vader', vader(encoder, { ...small, instanceWeight: 0.5, points: 4 })],
])(
  "a run's own encoder.safetensors, pretrained by %s, is imported without its heads; on export " +
    'they are left out',
  async (_, method) => {
    const file = path();
    const { params, stats } = encoderState(method.init(Random.from(3)));
    const own = (tensors: NamedTensors, part: 'params' | 'stats') =>
      Object.fromEntries(
        Object.keys(encoder.shapes[part]).map((name) => [name, tensors[name]]),
      ) as NamedTensors;
    expect(Object.keys(params).length).toBeGreaterThan(Object.keys(encoder.shapes.params).length);
    await saveWeights(file, flattenTree({ params, stats }));
    const back = await importEncoder(file, encoder);
    expectSame(back, { params: own(params, 'params'), stats: own(stats, 'stats') });
    await exportEncoder(file, encoder, { params, stats });
    expectSame(await importEncoder(file, encoder), back);
  },
);

test("heads are what the encoder does not name: a run's own file may have any", async () => {
  const file = path();
  const original = state();
  const { params, stats } = original;
  const heads = {
    params: {
      'oracle.0.weight': tf.ones([4, 2]),
      'conv.weight': tf.ones([1, 1, 4, 2]),
      b: tf.zeros([2]),
    },
    stats: { 'oracle.1.running_mean': tf.zeros([2]), 'oracle.bn1.running_var': tf.ones([2]) },
  };
  const all = { params: { ...params, ...heads.params }, stats: { ...stats, ...heads.stats } };
  await saveWeights(file, flattenTree({ params: all.params, stats: all.stats }));
  expectSame(await importEncoder(file, encoder), original);
  await saveWeights(file, {
    ...flattenTree({
      encoder: all.params,
      stats: all.stats,
      head: { ...heads.params, 'layer1.0.conv1.weight': tf.ones([1]) },
    }),
  });
  expectSame(await importEncoder(file, encoder), original);
  await exportEncoder(file, encoder, all);
  expectSame(await importEncoder(file, encoder), original);
});

test.each<[string, EncoderConfig, RegExp]>([
  [
    'more blocks',
    { ...config, depth: 18 },
    /: unexpected: 20: params\/layer1\.1\.conv1\.weight, [^,]*, [^,]*, \.\.\.$/,
  ],
  [
    'more stages',
    { ...config, strides: [2, 2, 2] },
    /: unexpected: 15: params\/layer3\.0\.conv1\.weight, [^,]*, [^,]*, \.\.\.$/,
  ],
  [
    'fewer stages',
    { ...config, strides: [2] },
    /: missing: 15: params\/layer2\.0\.conv1\.weight, /,
  ],
  ['another width', { ...config, width: 3 }, /: wrong shape: \d+: params\/conv1\.weight expected /],
  [
    'bottlenecks',
    { ...config, depth: 50 },
    /: unexpected: \d+: params\/layer1\.0\.conv3\.weight, /,
  ],
])("a run's own file of an encoder with %s is refused", async (_, other, message) => {
  const file = path();
  const { params, stats } = resnet(other).init(Random.from(1));
  const head = { 'oracle.weight': tf.ones([1]) };
  for (const part of ['params', 'encoder']) {
    await saveWeights(file, flattenTree({ [part]: { ...params, ...head }, stats }));
    const expected = new RegExp(message.source.replaceAll('params', part));
    await expect(importEncoder(file, encoder)).rejects.toThrow(expected);
  }
});

test('weights that a run trained with labels are imported without its head', async () => {
  const file = path();
  const original = state();
  await saveWeights(file, {
    ...flattenTree({ encoder: original.params, stats: original.stats }),
    'head/head.weight': tf.ones([4, 2]),
    'head/head.bias': tf.zeros([2]),
  });
  expectSame(await importEncoder(file, encoder), original);
});

test('one error lists all that is missing, unexpected, of another shape or type', async () => {
  const file = path();
  const entries = torchEntries(state());
  write(file, {
    ...without(entries, 'bn1.bias', 'layer2.0.conv1.weight'),
    'layer1.0.conv1.weight': { ...(entries['layer1.0.conv1.weight'] as Made), shape: [3, 2, 2, 3] },
    'bn1.weight': { dtype: 'F64', shape: [2], bytes: new Uint8Array(16) },
    'layer3.0.conv1.weight': { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
    'fc.0.weight': { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
  });
  const before = memory().tensors;
  await expect(importEncoder(file, encoder)).rejects.toThrow(
    new Error(
      `${file}: missing: bn1.bias, layer2.0.conv1.weight; unexpected: layer3.0.conv1.weight; ` +
        'wrong shape: layer1.0.conv1.weight expected [2, 2, 3, 3], got [3, 2, 2, 3]; wrong ' +
        'type (expected F32, F16 or BF16): bn1.weight F64',
    ),
  );
  expect(memory().tensors).toBe(before);
  // The same of a run's own file.
  const { params, stats } = state();
  await saveWeights(file, {
    ...flattenTree({
      params: {
        ...without(params, 'conv1.weight'),
        'layer3.0.conv1.weight': tf.ones([1]),
      },
      stats: { ...stats, 'bn1.running_var': tf.ones([3]) },
    }),
  });
  await expect(importEncoder(file, encoder)).rejects.toThrow(
    new Error(
      `${file}: missing: params/conv1.weight; unexpected: params/layer3.0.conv1.weight; ` +
        'wrong shape: stats/bn1.running_var expected [2], got [3]',
    ),
  );
});

test("names behind prefixes, as MoCo's are: numbers, the first three, the prefix", async () => {
  const file = path();
  const entries = torchEntries(state());
  const behind = (...prefixes: string[]) =>
    Object.fromEntries(
      prefixes.flatMap((prefix) =>
        Object.entries(entries).map(([name, entry]) => [prefix + name, entry]),
      ),
    );
  const queue = { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) };
  const lacking = 'missing: 35: conv1.weight, bn1.weight, bn1.bias, ...; unexpected: ';
  const begin = "...; the encoder's names begin with";
  write(file, { ...behind('module.encoder_q.'), 'module.queue': queue });
  await expect(importEncoder(file, encoder)).rejects.toThrow(
    `${file}: ${lacking}36: module.encoder_q.conv1.weight, module.encoder_q.bn1.weight, ` +
      `module.encoder_q.bn1.bias, ${begin} module.encoder_q. here: leave that out`,
  );
  write(file, { ...behind('q.', 'k.'), queue });
  await expect(importEncoder(file, encoder)).rejects.toThrow(`${begin} q. or k. here`);
  // of another depth: most of its names
  await expect(importEncoder(file, resnet({ ...config, strides: [2, 2, 2] }))).rejects.toThrow(
    `${begin} q. or k. here`,
  );
  write(file, { 'net.a.weight': queue, 'net.b.weight': queue });
  await expect(importEncoder(file, encoder)).rejects.toThrow(
    'unexpected: net.a.weight, net.b.weight; all names begin with net.',
  );
  // names that are right want no hint, though layer1.0.conv1.weight is there behind layer1.0.
  write(file, without(entries, 'conv1.weight'));
  await expect(importEncoder(file, encoder)).rejects.toThrow(/: missing: conv1.weight$/);
});

test.each([NaN, Infinity, -Infinity])(
  'weights with a %d are refused, and nothing leaks',
  async (value) => {
    const file = path();
    const { params, stats } = state();
    const kernel = params['layer1.0.conv1.weight'] as Tensor4D;
    const values = kernel.dataSync().slice();
    values[7] = value;
    const damaged = { ...params, 'layer1.0.conv1.weight': tf.tensor(values, kernel.shape) };
    const message = `expected layer1.0.conv1.weight to have finite values, got ${value}`;
    write(file, torchEntries({ params: damaged, stats }));
    const before = memory().tensors;
    await expect(importEncoder(file, encoder)).rejects.toThrow(`${file}: ${message}`);
    expect(memory().tensors).toBe(before);
    await saveWeights(file, flattenTree({ params: damaged, stats }));
    await expect(importEncoder(file, encoder)).rejects.toThrow(
      'params/layer1.0.conv1.weight to have',
    );
  },
);

test(
  "a state that is not the encoder's, or a place that cannot be written, stops an export and " +
    'leaves no file',
  async () => {
    const file = path();
    const { params, stats } = state();
    await expect(
      exportEncoder(file, encoder, {
        params: { ...without(params, 'bn1.bias'), 'bn1.weight': tf.ones([5]) },
        stats,
      }),
    ).rejects.toThrow(
      new Error(`${file}: missing: bn1.bias; wrong shape: bn1.weight expected [2], got [5]`),
    );
    mkdirSync(file);
    await expect(exportEncoder(file, encoder, { params, stats })).rejects.toThrow(
      `${file}: not written (E`,
    );
    expect(readdirSync(join(file, '..'))).toEqual(['x.safetensors']);
    await expect(
      exportEncoder(join(file, 'none', 'x'), encoder, { params, stats }),
    ).rejects.toThrow(
      `${join(file, 'none', 'x')}: not written (ENOENT: no such file or directory)`,
    );
  },
);

test('metadata travels along', async () => {
  const file = path();
  await exportEncoder(file, encoder, state(), { run: 'clean-seed0' });
  expect(readFileSync(file, 'utf8')).toContain(
    '"__metadata__":{"format":"pt","run":"clean-seed0"}',
  );
});

test('which torchvision model an encoder is, or why it is none', () => {
  const standard = { width: 64, stem: 'imagenet', strides: [1, 2, 2, 2] } as const;
  expect(
    [18, 34, 50].map((depth) => torchvisionModel({ ...standard, depth: depth as 18 })),
  ).toEqual([{ model: 'resnet18' }, { model: 'resnet34' }, { model: 'resnet50' }]);
  expect(torchvisionModel(config)).toEqual({
    differences: [
      'depth 10',
      'width 2 instead of 64',
      'stem half instead of imagenet',
      '2 stages instead of 4',
    ],
  });
  expect(torchvisionModel({ ...standard, depth: 18, strides: [1, 2, 2, 1] })).toEqual({
    differences: ['strides 1, 2, 2, 1 instead of 1, 2, 2, 2'],
  });
});
