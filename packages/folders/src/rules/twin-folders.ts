import type { Found, NamedImage, NamedPair } from './found.ts';
import { folderMasks } from './folder-masks.ts';
import { groupBy } from './group-by.ts';
import { baseOf, commonPath, folderOf, folderTwins, joined } from './names.ts';
import { placeOfName } from './place-of.ts';
import { allLeftOut, twins, type Candidate, type Twins } from './twins.ts';

/** Names of two folders; with `/` from the root, else of any siblings. Small letters. */
type FolderNames = readonly [first: string, second: string];

/** An image below one of two twin folders. */
interface Member extends Candidate {
  /** Where the twin folders are. */
  readonly parent: string;
  readonly names: FolderNames;
  /** Below the twin folder, without extension; empty for a folder of bands. */
  readonly rest: string;
}

/**
 * Siblings with names of twins; partners have one path below them, or one but for words as pre and
 * post and dates. Of several twins in one folder the first of the list of names is used.
 * @param own in place of the known names
 */
export function twinFolders(images: readonly NamedImage[], own?: FolderNames): Found | undefined {
  const known = own ? [own.map((name) => name.toLowerCase()) as [string, string]] : folderTwins;
  const members = images.flatMap((image) => membersOf(image, known));
  const byParent = groupBy(members, ({ parent, names }) => `${parent}\0${names.join('\0')}`);
  const used = new Set<NamedImage>();
  const found: (Twins & { readonly parent: string; readonly names: FolderNames })[] = [];
  for (const names of known) {
    for (const group of byParent.values()) {
      const [{ parent, names: groupNames }] = group as [Member];
      if (groupNames !== names || found.some((other) => other.parent === parent)) continue;
      const made = partners(group.filter(({ image }) => !used.has(image)));
      if (made.pairs.length === 0) continue;
      for (const { image } of made.pairs.flat()) used.add(image);
      found.push({ ...made, parent, names });
    }
  }
  if (found.length === 0) return undefined;
  const isUsed = (parent: string) => found.find((one) => one.parent === parent)?.names;
  const others = members.filter(
    ({ image, parent, names }) => !used.has(image) && isUsed(parent) !== names && isUsed(parent),
  );
  return {
    rule: 'twin folders',
    how: [...new Set(found.map(({ names }) => names.join(' and ')))].join('; '),
    pairs: withMasks(images, found),
    leftOut: [
      ...found.flatMap(({ leftOut }) => leftOut),
      ...found.flatMap(({ single, names }) =>
        single.flatMap(({ image, side }) =>
          allLeftOut(image, `no partner of its name in ${names[side === 0 ? 1 : 0]}`),
        ),
      ),
      ...others.flatMap(({ image, parent }) =>
        allLeftOut(image, `${isUsed(parent)?.join(' and ') ?? ''} beside it are used`),
      ),
    ],
    notes: [],
  };
}

function membersOf(image: NamedImage, known: readonly FolderNames[]): Member[] {
  const parts = image.path.split('/');
  const lower = parts.map((part) => part.toLowerCase());
  // The last part is the file's name, unless the image is a folder of bands.
  const folders = image.files.length > 1 ? parts.length : parts.length - 1;
  return known.flatMap((names) =>
    names.flatMap((name, side) => {
      const length = name.split('/').length;
      const isPath = length > 1;
      const at = isPath
        ? lower.slice(0, length).join('/') === name
          ? 0
          : -1
        : lower.slice(0, folders).indexOf(name);
      if (at < 0) return [];
      const parent = isPath ? '' : parts.slice(0, at).join('/');
      const rest = parts.slice(at + length).join('/');
      return [
        { image, side: side === 0 ? (0 as const) : (1 as const), key: rest, parent, names, rest },
      ];
    }),
  );
}

/**
 * By equal paths; and what is left, by paths without words of roles (those of the folders too, as
 * `A/x_A` and `B/x_B`) and dates.
 */
function partners(group: readonly Member[]): Twins {
  const exact = twins(group);
  const loose = twins(
    exact.single.map((one) => ({ ...one, key: commonPath(one.key, (one as Member).names) })),
  );
  return {
    pairs: [...exact.pairs, ...loose.pairs],
    single: loose.single,
    leftOut: [...exact.leftOut, ...loose.leftOut],
  };
}

function withMasks(
  images: readonly NamedImage[],
  found: readonly (Twins & { readonly parent: string })[],
): NamedPair[] {
  const used = new Set(found.flatMap(({ pairs }) => pairs.flat().map(({ image }) => image)));
  const pairs = found.flatMap(({ parent, pairs: some }) =>
    some.map(([first, second]) => {
      const { rest } = first as Member;
      return { parent, rest, common: first.key, first, second };
    }),
  );
  const masks = folderMasks(
    images.filter((image) => !used.has(image)),
    pairs,
  );
  return pairs.map(({ parent, rest, common, first, second }, i) => {
    const name = joined(parent, rest) || baseOf(folderOf(first.image.path)) || 'pair';
    const place = rest === '' ? parent || '.' : placeOfName(joined(parent, common));
    return { name, first: first.image, second: second.image, place, ...masks[i] };
  });
}
