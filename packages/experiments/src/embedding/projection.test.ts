import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { projectToPlane } from './projection.ts';

const dimensions = 12;
/** Two clusters of directions, in turns, of any length. */
const clusters = (count: number) => {
  const random = Random.from(3);
  return Float32Array.from({ length: count * dimensions }, (_, i) => {
    const row = Math.floor(i / dimensions);
    const column = i % dimensions;
    return (
      (1 + row) * ((column < dimensions / 2 === (row % 2 === 0) ? 1 : 0) + 0.1 * random.normal())
    );
  });
};
const project = (features: Float32Array, seed: number, neighbours = 8) =>
  projectToPlane(features, dimensions, { neighbours, minDistance: 0.1, random: Random.from(seed) });
const place = (plane: Float32Array, i: number) =>
  [plane[2 * i] as number, plane[2 * i + 1] as number] as const;
const distance = (plane: Float32Array, i: number, j: number) =>
  Math.hypot(place(plane, i)[0] - place(plane, j)[0], place(plane, i)[1] - place(plane, j)[1]);

test('two clusters of directions come apart: each lies nearer to all of its own', async () => {
  const count = 80;
  const plane = await project(clusters(count), 0);
  expect(plane.length).toBe(2 * count);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const others = Array.from({ length: count }, (_, j) => j).filter((j) => j !== i);
    const own = Math.max(
      ...others.filter((j) => j % 2 === i % 2).map((j) => distance(plane, i, j)),
    );
    const other = Math.min(
      ...others.filter((j) => j % 2 !== i % 2).map((j) => distance(plane, i, j)),
    );
    worst = Math.max(worst, own / other);
  }
  expect(worst).toBeLessThan(1);
});

test(
  'the same features and seed give the same plane, in whatever lengths they come; another seed ' +
    'gives another',
  async () => {
    const features = clusters(60);
    const first = await project(features, 1);
    expect(await project(features, 1)).toEqual(first);
    expect(
      await project(
        features.map((value) => 4 * value),
        1,
      ),
    ).toEqual(first);
    expect(await project(features, 2)).not.toEqual(first);
  },
);

test('the plane is centred and level: coordinates not correlated, wider than high', async () => {
  const plane = await project(clusters(60), 5);
  const [xs, ys] = [0, 1].map((offset) => [...plane].filter((_, i) => i % 2 === offset)) as [
    number[],
    number[],
  ];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [xx, xy, yy] = [
    sum(xs.map((x) => x * x)),
    sum(xs.map((x, i) => x * (ys[i] as number))),
    sum(ys.map((y) => y * y)),
  ];
  expect(Math.abs(sum(xs)) + Math.abs(sum(ys))).toBeLessThan(1e-3);
  expect(Math.abs(xy) / xx).toBeLessThan(1e-5);
  expect(xx).toBeGreaterThan(yy);
});

test('features of a collapsed encoder, all alike or all zero, have a plane too', async () => {
  for (const value of [1, 0])
    expect(
      (await project(new Float32Array(40 * dimensions).fill(value), 0)).every(Number.isFinite),
    ).toBe(true);
});

test('progress goes to the end; too few points and values not finite are refused', async () => {
  const seen: [number, number][] = [];
  await projectToPlane(clusters(20), dimensions, {
    neighbours: 5,
    minDistance: 0.1,
    random: Random.from(0),
    onProgress: (epoch, of) => {
      seen.push([epoch, of]);
    },
  });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen[seen.length - 1]?.[0]).toBe(seen[0]?.[1]);
  await expect(project(clusters(8), 0)).rejects.toThrow(
    'points: expected more than the 8 neighbours, got 8',
  );
  const broken = clusters(20);
  broken[3 * dimensions + 1] = NaN;
  await expect(project(broken, 0)).rejects.toThrow(
    'features: expected finite values, got others in row 3',
  );
});
