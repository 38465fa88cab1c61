import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegularFile, writeFileAtomic } from '@noisy-pairs/imaging';

/** The folders of an image's four files. */
export const folders = ['clean', 'noisy', 'masks', 'noise-masks'] as const;

/** NNNNNN.png */
export const fileName = (index: number) => `${String(index).padStart(6, '0')}.png`;

/**
 * Makes the folder that of the data set with this description, or finds that it is.
 * @param description all that decides the files' contents; JSON
 * @returns per folder the files that are there: whole ones, as they were written under another name
 *   and renamed
 * @throws if the folder holds other files or a data set of another description, or cannot be
 *   written
 */
export async function claimFolder(
  out: string,
  description: object,
): Promise<ReadonlySet<string>[]> {
  const text = `${JSON.stringify(description, null, 2)}\n`;
  const path = join(out, 'dataset.json');
  await makeFolder(out);
  const entries = await readdir(out);
  if (entries.includes('dataset.json')) {
    const found = (await readRegularFile(path)).toString();
    if (found !== text)
      throw new Error(
        `${out}: expected a data set of the same parameters, got another ` +
          `(${firstDifference(found, text)}); choose another folder`,
      );
  } else if (!entries.every((entry) => unfinished.test(entry))) {
    throw new Error(
      `${out}: expected an empty folder or a VTS data set, got a folder with other files`,
    );
  }
  await removeUnfinished(out, entries);
  // Also when it is there: whether the folder can be written should be known before an hour's work.
  await writeFileAtomic(path, text);
  return Promise.all(folders.map((folder) => openFolder(join(out, folder))));
}

/** mkdir -p. Node's own never returns where a folder is there but takes no new ones (/proc). */
async function makeFolder(path: string): Promise<void> {
  const isThere = (folder: string) =>
    stat(folder).then(
      () => true,
      () => false,
    );
  if (await isThere(path)) return;
  if (!(await isThere(dirname(path)))) await makeFolder(dirname(path));
  await mkdir(path);
}

async function openFolder(folder: string): Promise<ReadonlySet<string>> {
  await makeFolder(folder);
  const files = await readdir(folder);
  await removeUnfinished(folder, files);
  return new Set(files);
}

/** Temporary names of files that a killed run was writing. */
const unfinished =
  /^(dataset\.json|manifest\.jsonl|preview\.png|\d+\.png)\.(\d+|[\w-]+\.\d+\.\d+-\d+\.tmp)$/;

async function removeUnfinished(folder: string, files: readonly string[]): Promise<void> {
  await Promise.all(
    files.filter((file) => unfinished.test(file)).map((file) => rm(join(folder, file))),
  );
}

/** The first parameter that differs, `size: 64 there, 256 asked for`. */
function firstDifference(found: string, wanted: string): string {
  let there: unknown;
  try {
    there = JSON.parse(found);
  } catch {
    return 'its dataset.json is not JSON';
  }
  const differing = (a: unknown, b: unknown, name: string): string | undefined => {
    if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
    if (!isRecord(a) || !isRecord(b)) return `${name}: ${said(a)} there, ${said(b)} asked for`;
    return Object.keys({ ...b, ...a })
      .map((key) => differing(a[key], b[key], name === '' ? key : `${name}.${key}`))
      .find((line) => line !== undefined);
  };
  return differing(there, JSON.parse(wanted), '') ?? 'in the layout of its dataset.json';
}

const said = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
