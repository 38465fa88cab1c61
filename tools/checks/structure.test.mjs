// The limits, seen to fire on a tree made up for it, and the circles that are hard to see.
import { expect, test } from 'vitest';
import { circles, limits, measure } from './structure.mjs';

const source = (name) => `packages/shop/src/${name}.ts`;
const lines = (count, line = 'x;') => `${line}\n`.repeat(count);

test('a tree within its limits has nothing to say', () => {
  const { broken, sources, median } = measure(
    new Map([
      [source('a'), `import './b.ts';\n${lines(9)}`],
      [source('b'), lines(20)],
      [source('c'), lines(30)],
    ]),
  );
  expect(broken).toEqual([]);
  expect([sources, median]).toEqual([3, 20]);
});

test('a wide line is named with its number, in comments and in every language', () => {
  const wide = `# ${'x'.repeat(limits.width - 1)}`;
  const { broken } = measure(new Map([['tools/fixtures/make.py', `a = 1\n${wide}\n`]]));
  expect(broken).toEqual(['tools/fixtures/make.py:2: expected at most 100 columns, got 101']);
});

test('a row of a table is not wide, the text around it is', () => {
  const row = `| ${'x'.repeat(200)} |`;
  expect(measure(new Map([['README.md', `${row}\n`]])).broken).toEqual([]);
  const prose = 'word '.repeat(30);
  expect(measure(new Map([['README.md', `${prose}\n`]])).broken).toHaveLength(1);
});

test('long files are named; a test may be longer than a source', () => {
  const length = limits.lines + 1;
  const others = ['b', 'c'].map((name) => [source(name), 'x;\n']);
  const { broken } = measure(
    new Map([[source('a'), lines(length)], [source('a.test'), lines(length)], ...others]),
  );
  expect(broken).toEqual([`${source('a')}: expected at most 300 lines, got 301`]);
});

test('the median counts files, not lines', () => {
  const { broken } = measure(
    new Map([
      [source('a'), lines(10)],
      [source('b'), lines(81)],
      [source('c'), lines(82)],
    ]),
  );
  expect(broken).toEqual(['sources: expected at most 80 lines in the median, got 81']);
});

test('siblings are files and folders, without tests', () => {
  const names = Array.from({ length: limits.siblings }, (_, i) => source(`file${i}`));
  const tree = (more) => new Map([...names, ...more].map((name) => [name, 'x;\n']));
  expect(measure(tree([source('file0.test')])).broken).toEqual([]);
  expect(measure(tree([source('room/a'), source('room/b')])).broken).toEqual([
    'packages/shop/src: expected at most 12 siblings, got 13',
  ]);
});

test('a circle of imports is found, types included', () => {
  const { broken } = measure(
    new Map([
      [source('a'), `import type { B } from './b.ts';\n`],
      [source('b'), `export * from './room/c.ts';\n`],
      [source('room/c'), `export const a = import('../a.ts');\n`],
    ]),
  );
  expect(broken).toEqual([
    `circle of imports: ${['a', 'b', 'room/c', 'a'].map(source).join(' -> ')}`,
  ]);
});

test('files that are reached twice are no circle', () => {
  const diamond = new Map([
    ['top', ['left', 'right']],
    ['left', ['base']],
    ['right', ['base']],
    ['base', []],
  ]);
  expect(circles(diamond)).toEqual([]);
});
