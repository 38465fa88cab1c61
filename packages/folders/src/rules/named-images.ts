import type { LeftOut } from '../index/folder-index.ts';
import { extensionOf, withoutExtension } from '../tree/file-type.ts';
import { groupBy } from './group-by.ts';
import { baseOf, folderOf } from './names.ts';
import type { NamedImage } from './found.ts';

/** A file of one band: B4.tif, B04.tif, B8A.tif. Numbers alone are none: 0_2.png is an image. */
const bandName = /^b0?(\d+)(a?)$/i;
/** Red, green and blue of Sentinel-2 and Landsat 8. */
export const usualBands = [4, 3, 2] as const;

/**
 * Image files as images: those of one band each are one by folder.
 * @param files below the root
 * @param bands numbers of red, green and blue
 */
export function namedImages(
  files: readonly string[],
  bands: readonly number[] = usualBands,
): { images: NamedImage[]; leftOut: LeftOut[] } {
  const byFolder = groupBy(
    files.filter((file) => bandOf(file) !== undefined),
    folderOf,
  );
  const images = new Map<string, NamedImage>();
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    if (bandOf(file) !== undefined) continue;
    const path = withoutExtension(file);
    const other = images.get(path)?.files[0];
    if (other === undefined) images.set(path, { path, files: [file], otherBands: [] });
    else leftOut.push({ path: file, reason: `another file of its name is used: ${other}` });
  }
  for (const [folder, all] of byFolder) {
    const rgb = bands.flatMap((band) => all.find((file) => bandOf(file) === `${band}`) ?? []);
    const other = images.get(folder)?.files[0];
    const reason =
      other === undefined
        ? `expected bands ${bands.join(', ')} in its folder, or others by --bands`
        : `the same image as one file is used: ${other}`;
    const [red, ...more] = rgb;
    if (other === undefined && red !== undefined && rgb.length === bands.length) {
      const otherBands = all.filter((file) => !rgb.includes(file));
      images.set(folder, { path: folder, files: [red, ...more], otherBands });
    } else leftOut.push(...all.map((path) => ({ path, reason })));
  }
  const sorted = [...images.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { images: sorted, leftOut };
}

/** The band of a TIFF, as 4 or 8a. */
function bandOf(file: string): string | undefined {
  if (!/^tiff?$/.test(extensionOf(file))) return undefined;
  const [, number, letter] = bandName.exec(withoutExtension(baseOf(file))) ?? [];
  return number === undefined ? undefined : `${number}${letter?.toLowerCase() ?? ''}`;
}
