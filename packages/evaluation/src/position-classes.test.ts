import { ignoreLabel } from '@noisy-pairs/pairs';
import { expect, it } from 'vitest';
import { positionClasses } from './position-classes.ts';

/** By asking every pixel of the image whether it lies in the position, and counting. */
function slowClass(
  mask: Uint8Array,
  size: number,
  stride: number,
  row: number,
  column: number,
): number {
  const inside = [...mask].filter(
    (_, i) =>
      Math.floor(Math.floor(i / size) / stride) === row &&
      Math.floor((i % size) / stride) === column,
  );
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
  [8, 4],
  [9, 4],
  [7, 3],
  [6, 1],
  [5, 8],
])('positions of a mask of %i px, every %i px, are classed as by a slow loop', (size, stride) => {
  const values = [0, 1, 2, ignoreLabel, ignoreLabel];
  for (let seed = 0; seed < 20; seed++) {
    const mask = Uint8Array.from(
      { length: size * size },
      (_, i) => values[scattered(1000 * seed + i) % values.length] as number,
    );
    const edge = Math.ceil(size / stride);
    const expected = Array.from({ length: edge * edge }, (_, position) =>
      slowClass(mask, size, stride, Math.floor(position / edge), position % edge),
    );
    expect([...positionClasses(mask, size, stride)]).toEqual(expected);
  }
});

const classOf = (...pixels: [number, number, number, number]) => [
  ...positionClasses(Uint8Array.of(...pixels), 2, 2),
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
