import { folderMasks } from './folder-masks.ts';
import type { Found, NamedImage, NamedPair } from './found.ts';
import { groupBy } from './group-by.ts';
import {
  baseOf,
  changeNames,
  firstMaskName,
  folderOf,
  joined,
  nameTwins,
  partsOf,
  secondMaskName,
} from './names.ts';
import { placeOfName } from './place-of.ts';
import { allLeftOut, twins, type Candidate } from './twins.ts';

/** An image whose name says first or second. */
interface Member extends Candidate {
  readonly names: readonly [first: string, second: string];
  /** Its name without that word. */
  readonly stem: string;
}

/**
 * Images of one folder whose names are equal but for a word as pre and post, or a last `_1` and
 * `_2`, `_a` and `_b`; also where the name is that word alone.
 */
export function twinNames(images: readonly NamedImage[]): Found | undefined {
  const counted = countedFolders(images);
  const members = images.flatMap((image) => memberOf(image, counted) ?? []);
  const { pairs, single, leftOut } = twins(members);
  if (pairs.length === 0) return undefined;
  const masks = masksOf(images, pairs);
  return {
    rule: 'twin names',
    how: [...new Set(pairs.map(([first]) => (first as Member).names.join(' and ')))].join('; '),
    pairs: pairs.map(([first, second], i): NamedPair => {
      const { stem } = first as Member;
      const folder = folderOf(first.image.path);
      const name = joined(folder, stem) || 'pair';
      const place = stem === '' ? folder || '.' : placeOfName(name);
      return { name, first: first.image, second: second.image, place, ...masks[i] };
    }),
    leftOut: [
      ...leftOut,
      ...single.flatMap((one) => {
        const { names } = one as Member;
        return allLeftOut(one.image, `no partner named ${names[one.side === 0 ? 1 : 0]} beside it`);
      }),
    ],
    notes: [],
  };
}

const isCounter = (names: readonly [string, string]) => names[0].length === 1;

function memberOf(image: NamedImage, counted: ReadonlySet<string>): Member | undefined {
  if (image.files.length > 1) return undefined;
  const folder = folderOf(image.path);
  const parts = partsOf(baseOf(image.path));
  const lower = parts.map((part) => part.toLowerCase());
  for (const names of nameTwins) {
    const at = lower.findLastIndex((part) => part === names[0] || part === names[1]);
    if (at < 0) continue;
    const isLast = at === parts.length - 1;
    if (isCounter(names) && (!isLast || at === 0 || counted.has(folder))) continue;
    const side = lower[at] === names[0] ? 0 : 1;
    const stem = withoutPart(parts, at);
    return { image, side, key: [folder, names[0], at, stem].join('\0'), names, stem };
  }
  return undefined;
}

/** A name without one of its parts and what stood before it. */
const withoutPart = (parts: readonly string[], at: number): string =>
  parts.filter((_, i) => i !== at && i !== (at === 0 ? 1 : at - 1)).join('');

/** Folders in which last numbers or letters count more than two, as crops do: x_1, x_2, x_3. */
function countedFolders(images: readonly NamedImage[]): Set<string> {
  const counter = /[_\-. ](\d+|[a-z])$/i;
  const counters = groupBy(
    images.filter(({ path }) => counter.test(baseOf(path))),
    ({ path }) => folderOf(path),
  );
  const isRole = (path: string) => /^[12ab]$/i.test(counter.exec(path)?.[1] ?? '');
  return new Set(
    [...counters].flatMap(([folder, all]) =>
      all.every(({ path }) => isRole(path)) ? [] : [folder],
    ),
  );
}

type Masks = Pick<NamedPair, 'change' | 'firstMask' | 'secondMask'>;

/** Masks beside the images, by a word in the name; else in folders of masks. */
function masksOf(
  images: readonly NamedImage[],
  pairs: readonly (readonly [Candidate, Candidate])[],
): Masks[] {
  const taken = new Set(pairs.flat().map(({ image }) => image));
  const free = images.filter((image) => !taken.has(image) && image.files.length === 1);
  const byName = masksByName(free);
  const places = pairs.map(([first]) => ({
    folder: folderOf(first.image.path),
    parent: folderOf(folderOf(first.image.path)),
    rest: (first as Member).stem,
  }));
  const inFolders = folderMasks(free, places);
  return places.map(({ folder, rest }, i) => {
    const look = (names: readonly string[]) =>
      names
        .flatMap((name) => byName.get([folder, name, rest].join('\0').normalize('NFC')) ?? [])
        .at(0);
    return {
      change: look(changeNames) ?? inFolders[i]?.change,
      firstMask: look([firstMaskName]) ?? inFolders[i]?.firstMask,
      secondMask: look([secondMaskName]) ?? inFolders[i]?.secondMask,
    };
  });
}

const maskWords = [...changeNames, firstMaskName, secondMaskName];

/** Masks by folder, word, and the rest of the name. */
function masksByName(images: readonly NamedImage[]): Map<string, string> {
  const byName = new Map<string, string>();
  for (const { path, files } of images) {
    const parts = partsOf(baseOf(path));
    const at = parts.findLastIndex((part) => maskWords.includes(part.toLowerCase()));
    if (at < 0) continue;
    const word = parts[at]?.toLowerCase();
    const key = [folderOf(path), word, withoutPart(parts, at)].join('\0');
    byName.set(key.normalize('NFC'), files[0]);
  }
  return byName;
}
