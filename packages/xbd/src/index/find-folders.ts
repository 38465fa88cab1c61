import { basename, join, relative, sep } from 'node:path';
import type { XbdProblem } from './index-file.ts';
import { listFolder, placeOf, reasonOf, type FolderEntry } from './list-folder.ts';
import type { TileName } from './names.ts';

/** A split: what is in its images/, labels/ and targets/. */
export interface SplitFolder {
  readonly split: string;
  readonly folders: readonly RoleFolder[];
}

interface RoleFolder {
  /** Full path. */
  readonly path: string;
  readonly role: TileName['role'];
  readonly entries: readonly FolderEntry[];
}

interface FoundFolders {
  /** Sorted by path. */
  readonly splits: readonly SplitFolder[];
  /** Folders that cannot be read or are not followed. */
  readonly problems: readonly XbdProblem[];
  /** Entries of the root itself. */
  readonly entries: readonly FolderEntry[];
}

const deepest = 4;
const roles = new Map<string, TileName['role']>([
  ['images', 'image'],
  ['labels', 'label'],
  ['targets', 'target'],
]);

/** A folder yet to be looked at. */
interface Step {
  readonly folder: string;
  readonly depth: number;
  /** Where the folder that holds it is, links resolved; undefined for the root. */
  readonly within?: string;
}

/** The search so far. */
interface Search {
  readonly root: string;
  readonly splits: { readonly folder: string; readonly split: SplitFolder }[];
  readonly problems: XbdProblem[];
  /** Folders by where they are, links resolved. */
  readonly seen: Map<string, string>;
  /** Links wait until all folders are known by their own names. */
  readonly links: Step[];
}

/**
 * Folders with a folder images below a root, in it or linked into it, names in any case. A link
 * back to a folder that was looked at is not followed; it and what cannot be read are problems.
 * @throws if the root is no folder, or cannot be read
 */
export async function findFolders(root: string): Promise<FoundFolders> {
  const search: Search = { root, splits: [], problems: [], seen: new Map(), links: [] };
  let entries: readonly FolderEntry[];
  try {
    entries = await listFolder(root);
  } catch (error) {
    throw new Error(`xBD: expected a folder at ${root}, got none (${reasonOf(error)})`, {
      cause: error,
    });
  }
  const steps: Step[] = [{ folder: root, depth: 0 }];
  for (let step = steps.pop(); step; step = steps.pop() ?? search.links.shift())
    steps.push(...(await lookInto(step, search)));
  search.splits.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  return { splits: search.splits.map(({ split }) => split), problems: search.problems, entries };
}

/** @returns the folders in it */
async function lookInto(step: Step, search: Search): Promise<Step[]> {
  const { folder, depth } = step;
  const entries = await readFolder(folder, search);
  const within = entries && (await newPlace(step, search));
  if (!entries || within === undefined) return [];
  const inRoles = entries.filter(({ name }) => roles.has(name.toLowerCase()));
  if (inRoles.some(({ name }) => name.toLowerCase() === 'images'))
    search.splits.push({ folder, split: await readSplit(folder, inRoles, search) });
  const others = entries.filter((entry) => !inRoles.includes(entry) && !entry.name.startsWith('.'));
  for (const { name, type } of others)
    if (type === 'nothing' || type === 'closed') reportLink(join(folder, name), type, search);
  if (depth >= deepest) return [];
  const folders = others
    .filter(({ type }) => type === 'folder')
    .map(({ name, isLink }) => ({
      isLink,
      step: { folder: join(folder, name), depth: depth + 1, within },
    }));
  search.links.push(...folders.filter(({ isLink }) => isLink).map(({ step }) => step));
  return folders.filter(({ isLink }) => !isLink).map(({ step }) => step);
}

async function readSplit(
  folder: string,
  inRoles: readonly FolderEntry[],
  search: Search,
): Promise<SplitFolder> {
  const folders: RoleFolder[] = [];
  for (const { name, type } of inRoles) {
    const path = join(folder, name);
    if (type === 'nothing' || type === 'closed') reportLink(path, type, search);
    const entries = type === 'folder' ? await readFolder(path, search) : undefined;
    const role = roles.get(name.toLowerCase()) as TileName['role'];
    if (entries) folders.push({ path, role, entries });
  }
  const name = folder === search.root ? 'all' : basename(folder).toLowerCase();
  return { split: name === 'tier1' ? 'train' : name, folders };
}

/** undefined, and a problem, where it cannot be read. */
async function readFolder(folder: string, search: Search): Promise<FolderEntry[] | undefined> {
  try {
    return await listFolder(folder);
  } catch (error) {
    report(folder, `expected a folder that can be read: ${reasonOf(error)}`, search);
    return undefined;
  }
}

/** Where a folder is; undefined, and a problem, where a link leads back or to what was seen. */
async function newPlace({ folder, within }: Step, search: Search): Promise<string | undefined> {
  const place = await placeOf(folder);
  const before = search.seen.get(place);
  const isLoop = within !== undefined && isBelow(within, place);
  if (before === undefined && !isLoop) {
    search.seen.set(place, folder);
    return place;
  }
  const seen = before === undefined ? place : relative(search.root, before) || 'the root';
  report(folder, `not followed: ${isLoop ? 'a link back to' : 'another way to'} ${seen}`, search);
  return undefined;
}

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

function reportLink(path: string, type: 'nothing' | 'closed', search: Search): void {
  const where = type === 'nothing' ? 'a link that leads nowhere' : 'no permission to read it';
  report(path, `expected a file or folder, got ${where}`, search);
}

function report(path: string, what: string, { root, problems }: Search): void {
  const file = relative(root, path);
  problems.push({ split: '', stem: '', file, what, fatal: false });
}
