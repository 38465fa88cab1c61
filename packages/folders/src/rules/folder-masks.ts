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

/**
 * Looks for masks of a pair by where its images are and what they are called: in a folder beside
 * theirs; or, if no parent has one, in folders of masks anywhere, where one alone fits.
 */
export function openFolderMasks(
  images: readonly NamedImage[],
  parents: readonly string[],
): (parent: string, rest: string) => Masks {
  const files = images.flatMap(maskFileOf);
  const byPlace = groupBy(files, ({ parent, folder }) => `${parent}\0${folder}`);
  const isBeside = parents.some((parent) =>
    folderNames.some((folder) => byPlace.has(`${parent}\0${folder}`)),
  );
  const exact = groupBy(files, ({ parent, folder, rest }) => `${parent}\0${folder}\0${rest}`);
  const loose = groupBy(
    files,
    ({ parent, folder, rest }) => `${parent}\0${folder}\0${commonPath(rest)}`,
  );
  const anywhere = groupBy(files, ({ folder, rest }) => `${folder}\0${commonPath(rest)}`);
  const byRegion = groupBy(files, ({ parent, folder }) => `${baseOf(parent)}\0${folder}`);

  const beside = (parent: string, folder: string, rest: string): MaskFile | undefined => {
    const key = `${parent}\0${folder}`;
    if (rest === '') return ofRegion(byPlace.get(key));
    return exact.get(`${key}\0${rest}`)?.[0] ?? only(loose.get(`${key}\0${commonPath(rest)}`));
  };
  const elsewhere = (parent: string, folder: string, rest: string): MaskFile | undefined =>
    rest === ''
      ? ofRegion(byRegion.get(`${baseOf(parent)}\0${folder}`))
      : only(anywhere.get(`${folder}\0${commonPath(rest)}`));

  return (parent, rest) => {
    const look = (names: readonly string[]) => {
      for (const name of names) {
        const mask = (isBeside ? beside : elsewhere)(parent, name, rest);
        if (mask) return mask.file;
      }
      return undefined;
    };
    return {
      change: look(changeNames),
      firstMask: look([firstMaskName]),
      secondMask: look([secondMaskName]),
    };
  };
}

function maskFileOf({ path, files }: NamedImage): MaskFile[] {
  const parts = path.split('/');
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
