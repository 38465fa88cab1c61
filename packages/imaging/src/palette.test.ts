import { expect, it } from 'vitest';
import { hexColour, okabeIto } from './palette.ts';

it("the palette is Okabe and Ito's eight colours, as they published them", () => {
  // https://jfly.uni-koeln.de/color/: blue, orange, bluish green, reddish purple, vermillion, sky
  // blue, yellow, black
  expect(okabeIto.map(hexColour)).toEqual([
    '#0072b2',
    '#e69f00',
    '#009e73',
    '#cc79a7',
    '#d55e00',
    '#56b4e9',
    '#f0e442',
    '#000000',
  ]);
});
