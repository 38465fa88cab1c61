import { expect, it } from 'vitest';
import { indexOptionsOf, type IndexFlags } from './index-flags.ts';

it('flags are read', () => {
  expect(indexOptionsOf({ bands: '4,3,2', stretch: true, split: '.2', fit: 'crop' })).toMatchObject(
    {
      bands: [4, 3, 2],
      stretch: [2, 98],
      split: 0.2,
      fit: 'crop',
    },
  );
  expect(
    indexOptionsOf({ stretch: 'none', classes: '0=none, #FF0000=gone,9=ignore' }),
  ).toMatchObject({
    stretch: 'none',
    classes: [
      { value: 0, name: 'none' },
      { value: '#ff0000', name: 'gone' },
      { value: 9, name: 'ignore' },
    ],
  });
  expect(indexOptionsOf({ place: '^(.*)_' }).place?.exec('a_1')?.[1]).toBe('a');
});

const refusals: readonly (readonly [flags: IndexFlags, message: string])[] = [
  [{ bands: '4,3' }, '--bands: expected three numbers from 1, as 4,3,2, got 4,3'],
  [{ bands: '0,1,2' }, '--bands: expected three numbers from 1, as 4,3,2, got 0,1,2'],
  [
    { split: '1.5' },
    '--split: expected list, folder, prefix, none or a share between 0 and 1, got 1.5',
  ],
  [{ place: 'x' }, '--place: expected a regular expression with a group, as (\\d+)_, got x'],
  [{ place: '(' }, '--place: expected a regular expression with a group, as (\\d+)_, got ('],
  [{ stretch: '98,2' }, '--stretch: expected two percentages, as 2,98, or none, got 98,2'],
  [{ classes: '0=a,0=b' }, '--classes: expected each value once, got 0'],
  [{ classes: 'a' }, '--classes: expected values and names, as 0=none,1=built,#ff0000=gone, got a'],
  [{ fit: 'scale' }, '--fit: expected crop, got scale'],
  [{ list: 'a', first: 'b' }, '--list and --first: expected one of them, got both'],
];

it.each(refusals)('%j is refused', (flags, message) => {
  expect(() => indexOptionsOf(flags)).toThrow(message);
});
