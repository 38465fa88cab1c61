/** Red, green and blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Okabe and Ito's colours (2008), told apart with any colour vision: the ones that stand out on
 * white first, then yellow and black.
 */
export const okabeIto: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [240, 228, 66],
  [0, 0, 0],
];

/** A colour as #rrggbb. */
export function hexColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
