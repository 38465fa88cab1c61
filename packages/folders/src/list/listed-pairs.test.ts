import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addTo, png, treeOf } from '../fixtures/trees.ts';
import { indexFolder } from '../index/index-folder.ts';
import { parseList } from './parse-list.ts';

const rows = (text: string) => parseList(text, 'list').rows;

it('CSV, TSV, JSON lines and lines of paths say the same', () => {
  const expected = [{ first: 'a 1.png', second: 'b,1.png', change: 'm.png' }];
  const texts = [
    '\uFEFFfirst,second,change\r\n"a 1.png","b,1.png",m.png\r\n',
    'first\tSECOND\tchange\na 1.png\tb,1.png\tm.png',
    '{"first":"a 1.png","second":"b,1.png","change":"m.png","class":null}\n',
    'a 1.png\tb,1.png\tm.png\n\n',
  ];
  for (const text of texts) expect(rows(text), text).toMatchObject(expected);
  expect(rows('A/1.png B/1.png m.png s1.png s2.png\nA/2.png B/2.png')).toEqual([
    {
      line: 1,
      first: 'A/1.png',
      second: 'B/1.png',
      change: 'm.png',
      firstMask: 's1.png',
      secondMask: 's2.png',
    },
    { line: 2, first: 'A/2.png', second: 'B/2.png' },
  ]);
});

it('a line that is none is named', () => {
  expect(() => rows('a.png b.png\nmy a.png my b.png\n')).toThrow(
    'list, line 2: expected 2, 3 or 5 paths, or a header with first and second (paths with ' +
      'spaces need tabs or commas between), got my a.png my b.png',
  );
  expect(() => rows('{"first":"a.png","second":["b.png"]}')).toThrow(
    'list, line 1: expected an object of texts, got {"first":"a.png","second":["b.png"]}',
  );
  expect(() => rows('first,second\na.png,b.png,c.png\n')).toThrow(/^list: .*line 2/);
});

it('what a list names that is not there is left out by its line, the rest is used', async () => {
  const image = await png(4, 4, 3, () => 9);
  const root = treeOf({
    'years/2018/a.png': image,
    'years/2020/b.png': image,
    'years/2021/b.png': image,
    'elsewhere.png': image,
  });
  const list = join(root, 'lists', 'pairs.csv');
  const lines = [
    'first,second,split,place',
    '../years/2018/a.png,../years/2020/b.png,val,north',
    `../years/2018/a.png,${root}/years/2021/b.png,train,`,
    '../years/2018/a.png,../years/2022/b.png,,',
    '../../outside.png,../years/2020/b.png,,',
    '../years/2018/a.png,../years/2020/b.png,,',
    '../years/2018/a.png,,,',
  ];
  addTo(root, { 'lists/pairs.csv': lines.join('\n') });
  const { rule, pairs, leftOut } = await indexFolder(root, { list });
  expect(rule).toBe('list');
  expect(pairs).toMatchObject([
    { name: 'years/2018/a', second: ['years/2020/b.png'], split: 'val', place: 'north' },
    { name: 'years/2018/a, line 3', second: ['years/2021/b.png'], split: 'train' },
  ]);
  expect(leftOut.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    'elsewhere.png: in no pair by this rule',
    'lists/pairs.csv: text',
    'pairs.csv, line 4: ../years/2022/b.png: expected an image, got none there',
    'pairs.csv, line 5: ../../outside.png: expected a file below the root',
    'pairs.csv, line 6: as line 2',
    'pairs.csv, line 7: expected first and second, got one',
  ]);
});
