import type { PixelRules } from '../index/folder-index.ts';

/**
 * Bands of a file that are red, green and blue, from 0; a grey one three times.
 * @param colours number of bands without opacity
 * @throws `PATH: ...` if it has not the bands asked for, or so many that nobody can tell
 */
export function bandsOf(
  colours: number,
  { bands }: Pick<PixelRules, 'bands'>,
  path: string,
): [number, number, number] {
  if (colours === 1) return [0, 0, 0];
  const wanted = bands ?? [1, 2, 3];
  const last = Math.max(...wanted);
  if (last > colours)
    throw new Error(`${path}: expected bands ${wanted.join(', ')}, got an image of ${colours}`);
  if (!bands && colours > 4)
    throw new Error(`${path}: expected --bands, as 4,3,2, for an image of ${colours} bands`);
  return wanted.map((band) => band - 1) as [number, number, number];
}
