// Encoders of torchvision's shape in all forms in which they leave and come, held against what
// torchvision computes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { disposeAll, memory, tf, type Tensor, type Tensor4D } from '@noisy-pairs/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NetworkState } from '../networks/network.ts';
import { resnet } from '../networks/resnet.ts';
import { exportSavedModel } from './saved-model.ts';
import { exportEncoder } from './export-encoder.ts';
import { importEncoder } from './import-encoder.ts';

type Features = Record<'pooled', number[]> & { norm: number; channel7: number[][] };
const oracle = JSON.parse(
  readFileSync(new URL('../fixtures/torchvision.json', import.meta.url), 'utf8'),
) as Record<string, Features>;
const sizes = [64, 65, 97];
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/**
 * As `fill` in tools/fixtures/torchvision_features.py: values by name and index in torch's order.
 */
function filled(name: string, shape: readonly number[]): Float32Array {
  const salt = crc32(name);
  const scale =
    shape.length === 4
      ? Math.sqrt(6 / ((shape[0] as number) * (shape[2] as number) * (shape[3] as number)))
      : name.endsWith('running_var')
        ? 0.5
        : 0.2;
  const shift =
    shape.length === 4 ? 0 : name.endsWith('running_var') ? 1 : name.endsWith('weight') ? 0.8 : 0;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    let x = i + salt;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return shift + scale * (((x ^ (x >>> 16)) >>> 8) / 2 ** 23 - 1);
  });
}
/** In torch's order of sides. */
const torchShape = (shape: readonly number[]) =>
  shape.length === 4 ? ([shape[3], shape[2], shape[0], shape[1]] as number[]) : [...shape];

/** The input of the fixture, [1, size, size, 3]. */
const input = (size: number) =>
  tf
    .tensor4d(
      Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(0.7 * (i + 1) + 0.1)),
      [1, 3, size, size],
    )
    .transpose<Tensor4D>([0, 2, 3, 1]);

/** @param features [1, h, w, C] @param pooled [1, C] */
function expectTorchvisions(depth: number, size: number, features: Tensor, pooled: Tensor): void {
  const { pooled: some, norm, channel7 } = oracle[`resnet${depth} ${size}`] as Features;
  const values = [...pooled.dataSync()];
  expect(values.length).toBe(depth === 18 ? 512 : 2048);
  some.forEach((value, i) => {
    expect(
      Math.abs((values[32 * i] ?? NaN) - value),
      `channel ${32 * i} at ${size} px`,
    ).toBeLessThan(1e-4);
  });
  expect(Math.abs(Math.hypot(...values) - norm)).toBeLessThan(1e-4);
  const [, h, w, c] = features.shape as [number, number, number, number];
  expect([h, w]).toEqual([channel7.length, channel7[0]?.length]);
  const all = features.dataSync();
  channel7.flat().forEach((value, i) => {
    expect(Math.abs((all[i * c + 7] ?? NaN) - value), `position ${i} at ${size} px`).toBeLessThan(
      1e-4,
    );
  });
}

describe.each([18, 50] as const)('ResNet-%i', (depth) => {
  const encoder = resnet({ depth, width: 64, stem: 'imagenet', strides: [1, 2, 2, 2] });
  const folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  const file = join(folder, 'x.safetensors');
  const values = new Map(
    Object.entries({ ...encoder.shapes.params, ...encoder.shapes.stats }).map(([name, shape]) => [
      name,
      filled(name, torchShape(shape)),
    ]),
  );
  const make = (part: 'params' | 'stats') =>
    Object.fromEntries(
      Object.entries(encoder.shapes[part]).map(([name, shape]): [string, Tensor] => {
        const tensor = tf.tensor(values.get(name) as Float32Array, torchShape(shape));
        return [name, shape.length === 4 ? tensor.transpose([2, 3, 1, 0]) : tensor];
      }),
    );
  let state: NetworkState;
  beforeAll(() => {
    state = tf.tidy(() => ({ params: make('params'), stats: make('stats') }));
  });
  afterAll(() => {
    disposeAll(state.params);
    disposeAll(state.stats);
    rmSync(folder, { recursive: true }); // up to 200 MB
  });

  test('the exported file is, byte for byte, the one that torchvision computed with', async () => {
    await exportEncoder(file, encoder, state);
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata, ...entries } = JSON.parse(
      bytes.toString('utf8', 8, 8 + length),
    ) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
    expect(metadata).toEqual({ format: 'pt' });
    const names = Object.keys(entries);
    // Of torchvision's state_dict, without fc: 5 entries a batch norm, one a convolution.
    expect(names.length).toBe(depth === 18 ? 120 : 318);
    for (const [
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ] of Object.entries(entries)) {
      const data = bytes.subarray(8 + length + from, 8 + length + to);
      expect((8 + length + from) % (dtype === 'I64' ? 8 : 4), name).toBe(0);
      if (name.endsWith('num_batches_tracked'))
        expect([dtype, shape, data.readBigInt64LE(0), data.length]).toEqual(['I64', [], 0n, 8]);
      else {
        expect(dtype).toBe('F32');
        expect(shape).toEqual(
          torchShape(encoder.shapes.params[name] ?? encoder.shapes.stats[name] ?? []),
        );
        expect(data.equals(new Uint8Array((values.get(name) as Float32Array).buffer)), name).toBe(
          true,
        );
      }
    }
  });

  test("imported again it computes torchvision's features, at odd and even sizes", async () => {
    await exportEncoder(file, encoder, state);
    const back = await importEncoder(file, encoder);
    for (const size of sizes) {
      tf.tidy(() => {
        const y = encoder.apply(back.params, back.stats, input(size), false).y;
        expectTorchvisions(depth, size, y, y.mean([1, 2]));
      });
    }
    for (const part of ['params', 'stats'] as const) {
      expect(Object.keys(back[part])).toEqual(Object.keys(state[part]));
      for (const [name, tensor] of Object.entries(back[part]))
        expect(
          Buffer.from((tensor.dataSync() as Float32Array).buffer).equals(
            Buffer.from((state[part][name]?.dataSync() as Float32Array).buffer),
          ),
          name,
        ).toBe(true);
      disposeAll(back[part]);
    }
  });

  test(
    "a SavedModel of it, loaded by TensorFlow, computes torchvision's features of normalised " +
      'images',
    async () => {
      const before = memory().tensors;
      await exportSavedModel(join(folder, 'model'), encoder, state, imagenet);
      expect(memory().tensors).toBe(before);
      const model = await tf.node.loadSavedModel(join(folder, 'model'));
      for (const size of sizes) {
        tf.tidy(() => {
          const { features, pooled } = model.predict({
            images: input(size)
              .mul(tf.tensor1d([...imagenet.std]))
              .add(tf.tensor1d([...imagenet.mean])),
          }) as unknown as { features: Tensor; pooled: Tensor };
          expectTorchvisions(depth, size, features, pooled);
        });
      }
      model.dispose();
    },
  );
});
