import { brief } from '@noisy-pairs/command-line';
import type { MaskClass } from '../../index/folder-index.ts';
import type { SplitBy } from '../../splits/split-pairs.ts';

/** The error of a flag's value. */
const refused = (flag: string, expected: string, got: string): Error =>
  new Error(`${flag}: expected ${expected}, got ${brief(got)}`);

const ways = ['list', 'folder', 'prefix', 'none'] as const;

/** A way to tell splits, or a share between 0 and 1. */
export function parseSplit(text: string): SplitBy {
  const way = ways.find((one) => one === text);
  if (way) return way;
  const share = /^0?\.\d+$/.test(text) ? Number(text) : NaN;
  if (share > 0 && share < 1) return share;
  throw refused('--split', `${ways.join(', ')} or a share between 0 and 1`, text);
}

/** A regular expression with a group. */
export function parsePlace(text: string): RegExp {
  try {
    const groups = new RegExp(`${text}|`).exec('')?.length ?? 0;
    if (groups > 1) return new RegExp(text);
  } catch {
    // told below
  }
  throw refused('--place', 'a regular expression with a group, as (\\d+)_', text);
}

/** Three numbers of bands, from 1. */
export function parseBands(text: string): [number, number, number] {
  const numbers = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  if (numbers.length === 3 && numbers.every((band) => band > 0))
    return numbers as [number, number, number];
  throw refused('--bands', 'three numbers from 1, as 4,3,2', text);
}

/** Two percentages, or none. */
export function parseStretch(text: string | true): [number, number] | 'none' {
  if (text === true) return [2, 98];
  if (text === 'none') return 'none';
  const [low = NaN, high = NaN, ...more] = text.split(',').map(Number);
  if (more.length === 0 && low >= 0 && high <= 100 && low < high) return [low, high];
  throw refused('--stretch', 'two percentages, as 2,98, or none', text);
}

/** VALUE=NAME, with commas between; a value is a number or #rrggbb. */
export function parseClasses(text: string): MaskClass[] {
  const classes = text.split(',').map((part) => {
    const [, value = '', name = ''] = /^\s*(\d+|#[0-9a-f]{6})\s*=\s*(\S.*?)\s*$/i.exec(part) ?? [];
    if (name === '')
      throw refused('--classes', 'values and names, as 0=none,1=built,#ff0000=gone', part);
    return { value: value.startsWith('#') ? value.toLowerCase() : Number(value), name };
  });
  const values = classes.map(({ value }) => value);
  const double = values.find((value, i) => values.indexOf(value) !== i);
  if (double === undefined) return classes;
  throw refused('--classes', 'each value once', String(double));
}
