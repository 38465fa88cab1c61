import { ignoreLabel } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { positionClasses } from './position-classes.ts';

/** By asking every quarter of every pixel whether it lies in the position, and counting. */
function slowClass(
  mask: Uint8Array,
  size: number,
  [stride, offset]: readonly [number, number],
  row: number,
  column: number,
): number {
  const inside: number[] = [];
  const lies = (point: number, i: number) =>
    point > i * stride - offset && point < (i + 1) * stride - offset;
  for (let y = 0.25; y < size; y += 0.5) {
    for (let x = 0.25; x < size; x += 0.5) {
      if (lies(y, row) && lies(x, column))
        inside.push(mask[Math.floor(y) * size + Math.floor(x)] as number);
    }
  }
  if (inside.filter((label) => label === ignoreLabel).length > inside.length / 2)
    return ignoreLabel;
  const times = (label: number) => inside.filter((other) => other === label).length;
  return [...new Set(inside)]
    .filter((label) => label !== ignoreLabel)
    .sort((a, b) => times(b) - times(a) || a - b)[0] as number;
}

/** A whole number that looks random (Knuth's multiplicative hash, its upper half). */
const scattered = (n: number) => Math.imul(n, 2654435761) >>> 16;

it.each([
  [8, 4, 0],
  [8, 4, 1.5],
  [9, 4, 1.5],
  [7, 3, 1],
  [6, 1, 0],
  [6, 2, 0.5],
  [5, 8, 3.5],
])(
  'positions of a mask of %i px, every %i px, %d px up-left, are classed as by a slow loop',
  (size, stride, offset) => {
    const values = [0, 1, 2, ignoreLabel, ignoreLabel];
    for (let seed = 0; seed < 20; seed++) {
      const mask = Uint8Array.from(
        { length: size * size },
        (_, i) => values[scattered(1000 * seed + i) % values.length] as number,
      );
      const edge = Math.ceil(size / stride);
      const expected = Array.from({ length: edge * edge }, (_, position) =>
        slowClass(mask, size, [stride, offset], Math.floor(position / edge), position % edge),
      );
      expect([...positionClasses(mask, size, { stride, offset })]).toEqual(expected);
    }
  },
);

const classOf = (...pixels: [number, number, number, number]) => [
  ...positionClasses(Uint8Array.of(...pixels), 2, { stride: 2, offset: 0 }),
];

it('of equally frequent classes the lowest counts', () => {
  expect(classOf(2, 1, 2, 1)).toEqual([1]);
  expect(classOf(3, 0, 2, 1)).toEqual([0]);
});

it('ignored pixels have no vote, unless they are more than half', () => {
  expect(classOf(1, ignoreLabel, 1, ignoreLabel)).toEqual([1]);
  expect(classOf(ignoreLabel, 2, 1, ignoreLabel)).toEqual([1]);
  expect(classOf(ignoreLabel, ignoreLabel, 1, ignoreLabel)).toEqual([ignoreLabel]);
});
