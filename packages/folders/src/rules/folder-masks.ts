import type { NamedImage, NamedPair } from './found.ts';
import { groupBy } from './group-by.ts';
import { baseOf, changeNames, commonPath, firstMaskName, secondMaskName } from './names.ts';

type Masks = Pick<NamedPair, 'change' | 'firstMask' | 'secondMask'>;

/** A file below a folder of masks. */
interface MaskFile {
  readonly file: string;
  /** Where the folder of masks is. */
  readonly parent: string;
  /** Its name in small letters. */
  readonly folder: string;
  /** Below it, without extension. */
  readonly rest: string;
}

const folderNames = [...changeNames, firstMaskName, secondMaskName];

/** Where the images of a pair are. */
export interface ImagePlace {
  /** The folder in which their folders are. */
  readonly parent: string;
  /** Below them, without extension; empty where they are folders of bands. */
  readonly rest: string;
  /** What it has in common with its partner's; absent where that is the same. */
  readonly common?: string;
}

/** The file below a folder of masks of that name. */
type Look = (place: Omit<ImagePlace, 'common'>, folder: string) => MaskFile | undefined;

/**
 * The masks of pairs, by where their images are and what they are called: in a folder beside
 * theirs; or, if no pair has one there, in folders of masks anywhere, where one alone fits.
 */
export function folderMasks(
  images: readonly NamedImage[],
  places: readonly ImagePlace[],
): readonly Masks[] {
  const files = images.flatMap(maskFileOf);
  for (const look of [besideImages(files), anywhere(files)]) {
    const all = places.map(({ parent, rest, common = rest }) =>
      masksBy(look, parent.normalize('NFC'), [rest.normalize('NFC'), common.normalize('NFC')]),
    );
    if (all.some(({ change, firstMask, secondMask }) => change ?? firstMask ?? secondMask))
      return all;
  }
  return places.map(() => ({}));
}

function masksBy(look: Look, parent: string, rests: readonly string[]): Masks {
  const first = (names: readonly string[]) =>
    names
      .flatMap((name) => rests.flatMap((rest) => look({ parent, rest }, name)?.file ?? []))
      .at(0);
  return {
    change: first(changeNames),
    firstMask: first([firstMaskName]),
    secondMask: first([secondMaskName]),
  };
}

function besideImages(files: readonly MaskFile[]): Look {
  const all = groupBy(files, ({ parent, folder }) => `${parent}\0${folder}`);
  const exact = groupBy(files, ({ parent, folder, rest }) => `${parent}\0${folder}\0${rest}`);
  const loose = groupBy(
    files,
    ({ parent, folder, rest }) => `${parent}\0${folder}\0${commonPath(rest)}`,
  );
  return ({ parent, rest }, folder) => {
    const key = `${parent}\0${folder}`;
    if (rest === '') return ofRegion(all.get(key));
    return exact.get(`${key}\0${rest}`)?.[0] ?? only(loose.get(`${key}\0${commonPath(rest)}`));
  };
}

function anywhere(files: readonly MaskFile[]): Look {
  const byRest = groupBy(files, ({ folder, rest }) => `${folder}\0${commonPath(rest)}`);
  const byRegion = groupBy(files, ({ parent, folder }) => `${baseOf(parent)}\0${folder}`);
  return ({ parent, rest }, folder) =>
    rest === ''
      ? ofRegion(byRegion.get(`${baseOf(parent)}\0${folder}`))
      : only(byRest.get(`${folder}\0${commonPath(rest)}`));
}

function maskFileOf({ path, files }: NamedImage): MaskFile[] {
  const parts = path.normalize('NFC').split('/'); // an umlaut is written in two ways
  const at = parts.slice(0, -1).findLastIndex((part) => folderNames.includes(part.toLowerCase()));
  const [file] = files;
  if (at < 0 || files.length > 1) return [];
  const folder = (parts[at] as string).toLowerCase();
  return [
    { file, parent: parts.slice(0, at).join('/'), folder, rest: parts.slice(at + 1).join('/') },
  ];
}

const only = (masks: readonly MaskFile[] = []): MaskFile | undefined =>
  masks.length === 1 ? masks[0] : undefined;

/** The mask of a whole folder: named as its own folder is, as cm/cm.png, or the only one. */
const ofRegion = (masks: readonly MaskFile[] = []): MaskFile | undefined =>
  masks.find(({ folder, rest }) => rest.toLowerCase() === folder) ?? only(masks);
