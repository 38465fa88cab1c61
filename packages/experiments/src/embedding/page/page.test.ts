import { expect, test } from 'vitest';
import { colouring } from './colouring.ts';
import { scatterPlot } from './scatter-plot.ts';
import { spreadOut } from '../spread-out.ts';

const names = { type: 'names', title: '', names: ['a', 'b', 'c'] } as const;
const share = { type: 'share', title: '', of: 'a' } as const;

test(
  'a name has a colour of its own, the one in the legend; what is not known is in the legend ' +
    'only where there is some',
  () => {
    const { colours, names: legend } = colouring(
      Float32Array.of(2, 0, NaN, 2),
      names,
      false,
      'hidden',
    );
    expect(legend.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'hidden']);
    expect(colours).toEqual(
      [legend[2], legend[0], legend[3], legend[2]].map((entry) => entry?.colour),
    );
    expect(new Set(legend.map(({ colour }) => colour)).size).toBe(4);
    expect(colouring(Float32Array.of(0, 1), names, false).names.length).toBe(3);
    // Noise is not shown in the colours of classes.
    const noise = colouring(Float32Array.of(0, 1), { ...names, names: ['x', 'y'] }, true);
    expect(
      noise.colours.some((colour) =>
        colouring(Float32Array.of(0, 1), names, false).colours.includes(colour),
      ),
    ).toBe(false);
  },
);

test("a share runs from the second class's colour to the first's; extremes share the ends", () => {
  const values = Float32Array.from({ length: 101 }, (_, i) => i / 100);
  const { colours, scale } = colouring(values, share, false);
  const [second, , first] = scale?.colours ?? [];
  expect([colours[0], colours[5], colours[50], colours[95], colours[100]]).toEqual([
    second,
    second,
    '#a6a6a6',
    first,
    first,
  ]);
  expect([scale?.low, scale?.high]).toEqual(['5 % or less', '95 % or more']);
  // (0.30 - 0.05) / 0.90 of the way, so 5/9 of that from #e69f00 to #a6a6a6, by hand
  expect(colours[30]).toBe('#c2a35c');
  expect(colouring(Float32Array.of(0.5, 0.5), share, false).colours).toEqual([
    '#a6a6a6',
    '#a6a6a6',
  ]);
});

test('a plot has all its points inside, both axes on one scale', () => {
  const svg = scatterPlot(
    Float32Array.of(-10, 0, 30, 0, 10, 5),
    ['#111111', '#222222', '#333333'],
    [2],
    'label',
  ).html;
  interface Dot {
    readonly x: number;
    readonly y: number;
    readonly colour: string | undefined;
  }
  const dots: Dot[] = [
    ...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="2.7" fill="(#\d+)"/g),
  ].map(([, x, y, colour]) => ({ x: Number(x), y: Number(y), colour }));
  expect(dots.map(({ colour }) => colour)).toEqual(['#111111', '#222222', '#333333']);
  const [a, b, c] = dots as readonly Dot[] as readonly [Dot, Dot, Dot];
  const unit = (b.x - a.x) / 40;
  expect(
    [(c.x - a.x) / unit, (a.y - c.y) / unit, a.y - b.y].map(
      (value) => Math.round(100 * value) / 100,
    ),
  ).toEqual([20, 5, 0]); // up is up
  const inside = (plot: string) => {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(plot)?.map(Number) as [
      number,
      number,
      number,
    ];
    return [...plot.matchAll(/cx="([\d.-]+)" cy="([\d.-]+)"/g)].every(
      ([, x, y]) => Number(x) > 0 && Number(x) < width && Number(y) > 0 && Number(y) < height,
    );
  };
  expect(inside(svg)).toBe(true);
  expect(
    inside(
      scatterPlot(
        Float32Array.of(0, 0, 1, 900, -1, -900),
        ['#111111', '#222222', '#333333'],
        [],
        '',
      ).html,
    ),
  ).toBe(true); // high and narrow
  expect(svg).toContain(`<text x="${c.x.toFixed(1)}" y="${c.y.toFixed(1)}" dy=".36em">1</text>`);
  expect(
    scatterPlot(new Float32Array(6), ['#111111', '#222222', '#333333'], [], '').html,
  ).not.toMatch(/NaN|Infinity/); // all in one place
});

test('points to be shown are the farthest from all chosen before', () => {
  // both are 5 from the middle, so the first comes first
  expect(spreadOut(Float32Array.of(0, 0, 1, 0, 10, 0, 9, 0, 5, 0), 3)).toEqual([0, 2, 4]);
  expect(spreadOut(Float32Array.of(0, 0, 1, 1), 5)).toEqual([0, 1]);
});
