import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readMaskPng } from './mask-png.ts';

interface Case {
  readonly name: string;
  readonly png: string;
  readonly values: readonly number[] | null;
}
const cases = readFileSync(new URL('../fixtures/masks-png.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);
const read = (png: Buffer) => readMaskPng(png, 21, 13, 'x.png');

// Written by tools/fixtures/geo_masks_png.py with Pillow.
it.each(cases.filter(({ values }) => values))('the ids of a mask: $name', ({ png, values }) => {
  expect(Array.from(read(Buffer.from(png, 'base64')).data)).toEqual(values);
});

const refusals: Readonly<Record<string, string>> = {
  'grey of 16 bits, large': 'expected values up to 255, got 600',
  RGB: 'expected a mask of one channel, got RGB',
  RGBA: 'expected a mask of one channel, got RGBA',
  'grey with alpha': 'expected a mask of one channel, got grey with alpha',
  'another size': 'expected a mask of 21 x 13 pixels, got 21 x 12',
  'cut off': 'expected a PNG, got one that is cut off',
  'a flipped bit': 'expected a PNG, got one that is broken in IDAT',
  JPEG: 'expected a PNG, got something else',
  empty: 'expected a PNG, got something else',
};
it.each(cases.filter(({ values }) => !values))('what is no mask: $name', ({ name, png }) => {
  expect(() => read(Buffer.from(png, 'base64'))).toThrow(`x.png: ${refusals[name] ?? '?'}`);
});

it('a part whose type is no letters is broken, in a message of one line', () => {
  const mask = cases.find(({ values }) => values);
  const png = Buffer.from(mask?.png ?? '', 'base64');
  const at = png.indexOf('IDAT');
  png.write('I\n\0T', at, 'latin1');
  expect(() => read(png)).toThrow(/^x\.png: expected a PNG, got one that is broken in a part$/);
});
