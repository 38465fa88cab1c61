import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { evenDraw } from './even-draw.ts';

/**
 * Draws from a stream of these numbers of kinds a, b and c, mixed; items are kind and number within
 * the kind.
 */
function draw(
  count: number,
  kinds: Readonly<Record<string, number>>,
  seed = 0,
): [string, number][] {
  const stream = Random.from('stream').shuffle(
    Object.entries(kinds).flatMap(([kind, total]) =>
      Array.from({ length: total }, (_, i): [string, number] => [kind, i]),
    ),
  );
  const drawing = evenDraw<[string, number]>(count, Random.from(seed));
  for (const item of stream) drawing.offer(item[0], () => item);
  return drawing.drawn();
}
const countOf = (items: readonly [string, number][], kind: string) =>
  items.filter(([other]) => other === kind).length;

test.each([
  [30, { a: 1000, b: 100, c: 50 }, [10, 10, 10]],
  [30, { a: 1000, b: 100, c: 4 }, [13, 13, 4]], // what c leaves goes to the others
  [31, { a: 1000, b: 3 }, [28, 3, 0]],
  [50, { a: 20, b: 3, c: 1 }, [20, 3, 1]], // all there are
])('%i of %o are %o', (count, kinds, expected) => {
  const items = draw(count, kinds);
  expect(['a', 'b', 'c'].map((kind) => countOf(items, kind))).toEqual(expected);
  expect(new Set(items.map(String)).size).toBe(items.length);
});

test('within a kind every item is as likely, early or late in the stream', () => {
  const hits = new Float64Array(20);
  for (let seed = 0; seed < 1000; seed++)
    for (const [, i] of draw(5, { a: 20 }, seed)) hits[i] = (hits[i] as number) + 1;
  // 250 expected; 4.4 standard deviations of a binomial are 60.
  for (const hit of hits) expect(Math.abs(hit - 250)).toBeLessThan(60);
});

test('the same seed draws the same; what is not kept is not made', () => {
  expect(draw(9, { a: 90, b: 90 }, 4)).toEqual(draw(9, { a: 90, b: 90 }, 4));
  expect(draw(9, { a: 90, b: 90 }, 5)).not.toEqual(draw(9, { a: 90, b: 90 }, 4));
  let made = 0;
  const drawing = evenDraw<number>(3, Random.from(0));
  for (let i = 0; i < 1000; i++) drawing.offer('a', () => made++);
  expect(made).toBeGreaterThanOrEqual(3);
  expect(made).toBeLessThan(60); // 3 + 3 ln(1000 / 3), about 20
});
