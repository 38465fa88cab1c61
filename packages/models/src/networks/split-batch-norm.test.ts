import { readFileSync } from 'node:fs';
import {
  disposeAll,
  tf,
  valueAndGradients,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { describe, expect, it } from 'vitest';
import { moco } from '../methods/moco.ts';
import { resnet } from './resnet.ts';
import { splitBatchNorm, type GroupOrder } from './split-batch-norm.ts';

type Case = Readonly<Record<'out' | 'rm' | 'rv', number[]>>;
const { G_splitbn: oracle } = JSON.parse(
  readFileSync(new URL('../fixtures/methods.json', import.meta.url), 'utf8'),
) as { G_splitbn: Readonly<Record<'S1' | 'S2', Case>> };
const values = (t: Tensor) => [...t.dataSync()];
const close = (list: readonly number[]) => list.map((value) => expect.closeTo(value, 5) as number);
const running = (channels: number) => ({
  mean: tf.zeros<Rank.R1>([channels]),
  variance: tf.ones<Rank.R1>([channels]),
  share: 0.1,
});
const normal = (seed: number, shape: [number, number, number, number]) => {
  const random = Random.from(seed);
  return tf.tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );
};

describe('split batch norm', () => {
  it.each([
    [1, oracle.S1],
    [2, oracle.S2],
  ] as const)("in %i groups is PyTorch's (oracle G)", (groups, { out, rm, rv }) => {
    const { y, mean, variance } = splitBatchNorm(
      tf.tensor4d([0, 1, 2, 3], [4, 1, 1, 1]),
      tf.ones([1]),
      tf.zeros([1]),
      running(1),
      groups,
    );
    expect(values(y)).toEqual(close(out));
    expect(values(mean)).toEqual(close(rm));
    expect(values(variance)).toEqual(close(rv));
  });

  it.each([
    ['interleaved', (n: number) => n % 3],
    ['across', (n: number) => Math.floor(n / 4)],
  ] as const)(
    '%s: value, statistics and gradients are those of the groups one by one',
    (order, groupOf) => {
      const shape: [number, number, number, number] = [12, 3, 2, 5];
      const x = normal(1, shape),
        weights = normal(2, shape),
        gamma = tf.tensor1d([1, 2, -1, 0.5, 3]),
        beta = tf.tensor1d([0, 1, 2, 3, 4]);
      const { loss, aux, gradients } = valueAndGradients(
        (p) => {
          const { y, mean, variance } = splitBatchNorm(
            p['x'],
            p['gamma'],
            p['beta'],
            running(5),
            3,
            order,
          );
          return { loss: y.mul(weights).sum<Scalar>(), aux: { y, mean, variance } };
        },
        { x, gamma, beta },
      );
      expect(loss.rank).toBe(0);
      const means = [0, 0, 0, 0, 0],
        variances = [0, 0, 0, 0, 0];
      const at = (t: Tensor, n: number) => t.slice([n, 0, 0, 0], [1, -1, -1, -1]);
      const sums = { gamma: tf.zeros([5]), beta: tf.zeros([5]) };
      for (let group = 0; group < 3; group++) {
        const members = Array.from({ length: 12 }, (_, n) => n).filter((n) => groupOf(n) === group);
        const pick = (t: Tensor) =>
          tf.concat(
            members.map((n) => at(t, n)),
            0,
          ) as Tensor4D;
        const own = valueAndGradients(
          (p) => {
            const { y, mean, variance } = splitBatchNorm(
              p['x'],
              p['gamma'],
              p['beta'],
              running(5),
              1,
            );
            return { loss: y.mul(pick(weights)).sum<Scalar>(), aux: { y, mean, variance } };
          },
          { x: pick(x), gamma, beta },
        );
        expect(values(pick(aux['y'] as Tensor))).toEqual(close(values(own.aux['y'] as Tensor)));
        expect(values(pick(gradients['x'] as Tensor))).toEqual(
          values(own.gradients['x'] as Tensor).map((value) => expect.closeTo(value, 4) as number),
        );
        values(own.aux['mean']).forEach((value, c) => {
          means[c] = (means[c] ?? NaN) + value / 3;
        });
        values(own.aux['variance']).forEach((value, c) => {
          variances[c] = (variances[c] ?? NaN) + value / 3;
        });
        for (const name of ['gamma', 'beta'] as const)
          sums[name] = sums[name].add(own.gradients[name]);
      }
      expect(values(aux['mean'] as Tensor)).toEqual(close(means));
      expect(values(aux['variance'] as Tensor)).toEqual(close(variances));
      for (const name of ['gamma', 'beta'] as const)
        expect(values(gradients[name] as Tensor)).toEqual(
          values(sums[name]).map((value) => expect.closeTo(value, 3) as number),
        );
    },
  );

  it('refuses a batch that does not divide', () => {
    expect(() =>
      splitBatchNorm(tf.zeros([6, 1, 1, 1]), tf.ones([1]), tf.zeros([1]), running(1), 4),
    ).toThrow('batch norm groups: expected a batch that is a multiple of 4, got 6');
  });
});

describe('an encoder with groups', () => {
  const base = { depth: 10, width: 4, stem: 'small', strides: [2] } as const;
  const plain = resnet(base),
    split = resnet({ ...base, batchNormGroups: 2 });
  const { params, stats } = plain.init(Random.from(1));
  const x = normal(3, [4, 8, 8, 3]);
  const rows = (order: readonly number[]) => tf.gather(x, tf.tensor1d([...order], 'int32'));
  it.each<[GroupOrder, readonly [number, number][]]>([
    [
      'interleaved',
      [
        [0, 2],
        [1, 3],
      ],
    ],
    [
      'across',
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])('%s: each group comes out as if it were a batch of its own', (order, groups) => {
    const network = order === 'interleaved' ? split : split.forKeys;
    const all = network.apply(params, stats, x, true).y;
    for (const members of groups) {
      const alone = plain.apply(params, stats, rows(members), true).y;
      expect(values(tf.gather(all, tf.tensor1d([...members], 'int32')))).toEqual(
        values(alone).map((value) => expect.closeTo(value, 4) as number),
      );
    }
  });

  it('in inference is the one without', () => {
    expect(values(split.apply(params, stats, x, false).y)).toEqual(
      values(plain.apply(params, stats, x, false).y),
    );
    expect(values(plain.forKeys.apply(params, stats, x, true).y)).toEqual(
      values(plain.apply(params, stats, x, true).y),
    );
  });

  it('gives a method keys that are grouped across its queries', () => {
    const config = { dimensions: 4, hidden: 4, queueSize: 8, momentum: 1, temperature: 0.5 };
    const method = moco(split, config);
    const state = method.init(Random.from(1));
    const { updates } = method.forward(state, { query: x, key: x, extras: {} });
    const keys = updates.queues.queue.slice([0, 0], [4, -1]).arraySync();
    // Keys 2 and 3 are a group: as a batch of their own, without groups, they are the same.
    const pair = { query: rows([2, 3]), key: rows([2, 3]), extras: {} };
    const alone = moco(plain, config).forward(state, pair).updates.queues.queue;
    expect(keys.slice(2).flat()).toEqual(
      values(alone.slice([0, 0], [2, -1])).map((value) => expect.closeTo(value, 4) as number),
    );
    disposeAll(updates);
  });

  it('refuses groups that cannot be', () => {
    expect(() => resnet({ ...base, batchNormGroups: 0 })).toThrow(
      'encoder batchNormGroups: expected a positive whole number, got 0',
    );
  });
});
