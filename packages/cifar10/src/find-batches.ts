import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

const files = {
  train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
  test: ['test_batch.bin'],
} as const;
/** The class names, a line each; may be left out. */
const meta = 'batches.meta.txt';
/** The folder that the official archive unpacks to. */
const official = 'cifar-10-batches-bin';

/** Where the files of a split are. */
interface Batches {
  /** Full paths, in the official order. */
  readonly files: readonly string[];
  /** Official names of files that are not there. */
  readonly missing: readonly string[];
  readonly classNames: string | undefined;
}

/**
 * Finds the files of CIFAR-10's binary version, names in any case.
 * @throws if none of the split's is there, with what is there instead
 */
export async function findBatches(dir: string, split: keyof typeof files): Promise<Batches> {
  const entries = await entriesOf(dir);
  const pathOf = (official: string) => {
    const own = entries?.find((name) => name === official);
    const name = own ?? entries?.find((entry) => entry.toLowerCase() === official);
    return name === undefined ? undefined : join(dir, name);
  };
  const found = files[split].map((name) => ({ name, path: pathOf(name) }));
  const missing = found.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (missing.length === files[split].length)
    throw new Error(
      `CIFAR-10 ${split}: expected ${files.train.join(', ')} and ${files.test.join()} of the ` +
        `binary version of CIFAR-10 (cifar-10-binary.tar.gz) in ${dir}, got ` +
        (await insteadOf(dir, entries, split)),
    );
  return { files: found.flatMap(({ path }) => path ?? []), missing, classNames: pathOf(meta) };
}

/** undefined where there is no folder. */
async function entriesOf(dir: string): Promise<string[] | undefined> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`CIFAR-10: expected a folder that can be read, got ${message}`, {
      cause: error,
    });
  }
}

/** A folder without the split's files in words: its nature, and a way to mend it. */
async function insteadOf(
  dir: string,
  entries: readonly string[] | undefined,
  split: string,
): Promise<string> {
  if (!entries) {
    const about = await stat(dir).catch(() => undefined);
    if (!about) return 'no such folder';
    return isArchive(basename(dir)) ? 'an archive: unpack it' : 'a file';
  }
  const none = `none of the ${split} files`;
  const names = entries.map((name) => name.toLowerCase());
  const within = entries.find((name) => name.toLowerCase() === official);
  if (within !== undefined) return `${none}: ${within} is in it; name that folder`;
  if (names.includes('data_batch_1') || names.includes('test_batch'))
    return `${none}: this is the Python version`;
  if (names.includes('data_batch_1.mat')) return `${none}: this is the Matlab version`;
  if (names.includes('cifar-10-batches-py'))
    return `${none}: cifar-10-batches-py, which is in it, is the Python version`;
  if (names.includes('train.bin') && names.includes('fine_label_names.txt'))
    return `${none}: this is CIFAR-100`;
  const archive = entries.find(isArchive);
  return archive === undefined ? none : `${none}: ${archive} is in it; unpack it`;
}

const isArchive = (name: string) => /\.(tar|tgz|gz|zip)$/i.test(name);
