import { describe, expect, it } from 'vitest';
import { plainProducts } from './products.ts';
import { checkKnn, weightedKnn, type LabelledFeatures } from './weighted-knn.ts';

const of = (labels: number[], rows: number[][]): LabelledFeatures => ({
  features: Float32Array.from(rows.flat()),
  dimensions: rows[0]?.length ?? 0,
  labels: Uint8Array.from(labels),
});

/** Numbers in 0..1 that look random (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Vectors around a centre a class, in lengths that cosine must not see. */
function clusters(
  count: number,
  dimensions: number,
  classes: number,
  seed: number,
): LabelledFeatures {
  const next = numbers(seed);
  const nextCentre = numbers(99);
  const centre = Array.from({ length: classes * dimensions }, () => nextCentre() - 0.5);
  const labels = Uint8Array.from({ length: count }, () => Math.floor(next() * classes));
  const features = new Float32Array(count * dimensions);
  for (const [i, label] of labels.entries()) {
    const length = 0.1 + 10 * next();
    for (let d = 0; d < dimensions; d++)
      features[i * dimensions + d] =
        length * ((centre[label * dimensions + d] ?? NaN) + 0.8 * (next() - 0.5));
  }
  return { features, dimensions, labels };
}

/** All similarities of a query sorted, in double precision. */
function slowKnn(
  bank: LabelledFeatures,
  queries: LabelledFeatures,
  k: number,
  temperature: number,
  classes: number,
) {
  const row = ({ features, dimensions }: LabelledFeatures, i: number) => [
    ...features.subarray(i * dimensions, (i + 1) * dimensions),
  ];
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
  return [...queries.labels.keys()].map((q) => {
    const query = row(queries, q);
    const all = [...bank.labels.keys()]
      .map((i) => {
        const other = row(bank, i);
        return { i, s: dot(query, other) / Math.sqrt(dot(query, query) * dot(other, other)) };
      })
      .sort((a, b) => b.s - a.s || a.i - b.i)
      .slice(0, k);
    const scores = Array.from({ length: classes }, (_, c) =>
      all
        .filter(({ i }) => bank.labels[i] === c)
        .reduce((sum, { s }) => sum + Math.exp(s / temperature), 0),
    );
    return { neighbours: all.map(({ i }) => i), scores };
  });
}

describe('weighted kNN', () => {
  // Expected numbers: torch, oracle H of the methods' oracles.
  const bank = of(
    [0, 1, 1, 2, 0],
    [
      [1, 0],
      [0.9, 0.1],
      [0.8, 0.6],
      [0, 1],
      [-1, 0.2],
    ],
  );
  it.each([
    { k: 3, temperature: 0.1, neighbours: [1, 0, 2], scores: [13847.038352, 30740.436896, 0] },
    { k: 1, temperature: 0.1, neighbours: [1], scores: [0, 18215.842665, 0] },
    {
      k: 5,
      temperature: 0.07,
      neighbours: [1, 0, 2, 3, 4],
      scores: [824563.555684, 1934400.439201, 73.838235],
    },
  ])("is torch's with k = $k and T = $temperature", ({ k, temperature, neighbours, scores }) => {
    const result = weightedKnn(bank, of([1], [[0.95, 0.3]]), { k, temperature, classes: 3 });
    expect([...result.neighbours]).toEqual(neighbours);
    for (const [c, score] of scores.entries())
      expect(Math.abs((result.scores[c] ?? NaN) - score)).toBeLessThanOrEqual(3e-6 * score);
    expect([...result.predictions]).toEqual([1]);
    expect(result.accuracy).toBe(1);
  });

  it("is the slow one's across blocks and odd edges", () => {
    const many = clusters(4611, 7, 5, 1);
    const queries = clusters(1027, 7, 5, 2);
    const { scores, neighbours, predictions, accuracy } = weightedKnn(many, queries, {
      k: 9,
      temperature: 0.2,
      classes: 5,
    });
    const some = [0, 1, 2, 511, 1022, 1023, 1024, 1025, 1026];
    const asked: LabelledFeatures = {
      dimensions: 7,
      labels: Uint8Array.from(some, (i) => queries.labels[i] ?? 0),
      features: Float32Array.from(
        some.flatMap((i) => [...queries.features.subarray(i * 7, (i + 1) * 7)]),
      ),
    };
    for (const [j, expected] of slowKnn(many, asked, 9, 0.2, 5).entries()) {
      const i = some[j] ?? NaN;
      expect([...neighbours.subarray(i * 9, (i + 1) * 9)]).toEqual(expected.neighbours);
      for (const [c, score] of expected.scores.entries())
        expect(scores[i * 5 + c]).toBeCloseTo(score, 2); // of up to 9 exp(5)
      expect(predictions[i]).toBe(expected.scores.indexOf(Math.max(...expected.scores)));
    }
    expect(accuracy).toBe(
      [...predictions].filter((predicted, i) => predicted === queries.labels[i]).length / 1027,
    );
    expect(accuracy).toBeGreaterThan(0.7); // by chance 0.2
  });

  it('takes the lower of equals: rows by similarity, classes by score', () => {
    const twins = of(
      [2, 1, 1, 2, 0],
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 0],
        [0, 0],
      ],
    );
    const query = of([1], [[5, 0]]);
    expect([...weightedKnn(twins, query, { k: 3, temperature: 1, classes: 3 }).neighbours]).toEqual(
      [0, 1, 2],
    );
    const { predictions, scores } = weightedKnn(twins, query, { k: 4, temperature: 1, classes: 3 });
    expect(scores[1]).toBe(scores[2]);
    expect([...predictions]).toEqual([1]);
    expect(
      [...weightedKnn(twins, query, { k: 5, temperature: 1, classes: 3 }).scores].map(
        (score) => score / Math.E,
      ),
    ).toEqual([1 / Math.E, 2, 2]); // zeros are similar to nothing: exp(0)
  });

  it('uses the products it is given', () => {
    const asked: number[] = [];
    const settings = { k: 2, temperature: 0.1, classes: 3 };
    const query = of(
      [1, 0],
      [
        [0.95, 0.3],
        [-1, 0],
      ],
    );
    const given = weightedKnn(bank, query, {
      ...settings,
      products: (a, b, dimensions) => {
        asked.push(a.length, b.length);
        return plainProducts(a, b, dimensions);
      },
    });
    expect(given).toEqual(weightedKnn(bank, query, settings));
    expect(asked).toEqual([4, 10]);
  });

  it('refuses what does not fit', () => {
    const query = of([1], [[0.95, 0.3]]);
    const settings = { k: 3, temperature: 0.1, classes: 3 };
    expect(() => {
      checkKnn({ ...settings, k: 200 }, 100);
    }).toThrow('k: expected a whole number in 1..100, the size of the bank, got 200');
    expect(() => weightedKnn(bank, query, { ...settings, k: 6 })).toThrow(
      'k: expected a whole number in 1..5, the size of the bank, got 6',
    );
    expect(() => weightedKnn(bank, query, { ...settings, temperature: 0.001 })).toThrow(
      'temperature: expected a number above 0 for which exp(1 / temperature) is finite, got 0.001',
    );
    expect(() => weightedKnn(bank, query, { ...settings, classes: 2 })).toThrow(
      'bank: expected labels below 2, got 2 in row 3',
    );
    expect(() => weightedKnn(bank, of([1], [[1, 2, 3]]), settings)).toThrow(
      'queries: expected 2 dimensions as in the bank, got 3',
    );
    expect(() => weightedKnn(bank, of([1, 1], [[1, 2]]), settings)).toThrow(
      'queries: expected 1 labels, one a row, got 2',
    );
    expect(() => weightedKnn(bank, of([1], [[1, NaN]]), settings)).toThrow(
      'features: expected finite values, got others in row 0',
    );
    expect(() =>
      weightedKnn(
        bank,
        { features: new Float32Array(0), dimensions: 2, labels: new Uint8Array(0) },
        settings,
      ),
    ).toThrow('queries: expected one row or more, got none');
  });
});
