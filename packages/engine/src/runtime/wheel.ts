import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { lastLine, runProgram } from './child-process.ts';
import { pipPlatform, type Wheel } from './release.ts';

/**
 * Fetches a wheel with pip into a folder of its own; one that is there already, whole, is taken as
 * it is.
 * @returns its path
 * @throws one line with the remedy: no Python, no pip, no network, wrong hash, no space.
 */
export async function fetchWheel(
  { requirement, sha256 }: Wheel,
  folder: string,
  say: (line: string) => void,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const there = await wholeWheel(folder, sha256);
  if (there !== undefined) return there;

  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${requirement} --hash=sha256:${sha256}\n`);
  // In the cache, so that a small /tmp is no matter and the growing file can be watched.
  const temporary = join(folder, 'temporary');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const watch = setInterval(() => {
    void sizeOf(temporary).then((bytes) => {
      if (bytes > 0) say(`  ${Math.round(bytes / 2 ** 20)} MiB`);
    });
  }, 10_000);
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--no-cache-dir',
    '--disable-pip-version-check',
    ...pipPlatform,
    '--require-hashes',
    '-r',
    requirements,
    '-d',
    folder,
  ];
  const { code, output, missing } = await runProgram('python3', args, {
    env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
  });
  clearInterval(watch);
  await rm(temporary, { recursive: true, force: true });
  if (code !== 0) throw new Error(explainPip(output, missing));
  const fetched = await wholeWheel(folder, sha256);
  if (fetched === undefined)
    throw new Error(
      `pip: expected a wheel of ${requirement} with the pinned sha256 in ${folder}, got none; ` +
        'try again',
    );
  return fetched;
}

/** The wheel of that hash in the folder, if there is one. */
async function wholeWheel(folder: string, sha256: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.whl')) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    if (hash.digest('hex') === sha256) return join(folder, name);
  }
  return undefined;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

const ownLibrary = 'point NOISY_PAIRS_LIBTENSORFLOW at a libtensorflow of your own';

/** What pip's output means, in a line, and what to do. */
export function explainPip(output: string, missing: boolean): string {
  if (missing)
    return (
      'python: expected python3 on the PATH, got none; install Python 3 with pip (Debian: ' +
      `apt-get install python3-pip), or ${ownLibrary}`
    );
  if (/No module named pip/.test(output))
    return (
      'pip: expected python3 to have it, got none; install it (Debian: apt-get install ' +
      'python3-pip, else: python3 -m ensurepip)'
    );
  if (/DO NOT MATCH THE HASHES/.test(output))
    return (
      'download: expected the pinned sha256, got another file; try again, and distrust the ' +
      'mirror if it comes again'
    );
  if (/No space left on device|Errno 28/.test(output))
    return (
      'disk: expected room in the cache folder, got a full disk; make room or set XDG_CACHE_HOME ' +
      'to a folder on another one'
    );
  if (/Permission denied|Errno 13|Read-only file system|Errno 30/.test(output))
    return (
      `cache folder: expected to be allowed to write, got: ${lastLine(output)}; set ` +
      'XDG_CACHE_HOME to another folder'
    );
  if (
    /NewConnectionError|ConnectionError|ConnectTimeout|Max retries|name resolution|Network is unreachable|ReadTimeout|ProxyError|SSLError|IncompleteRead|ProtocolError/i.test(
      output,
    )
  ) {
    return (
      'network: expected pip to reach its package index, got no connection; try again later, set ' +
      `pip's index or proxy, or ${ownLibrary}`
    );
  }
  if (/No matching distribution|Could not find a version/.test(output))
    return (
      `download: expected pip's package index to have the wheel, got: ${lastLine(output)}; set ` +
      `pip's index to one that does`
    );
  return `pip: expected to download, got: ${lastLine(output)}`;
}

/**
 * Streams the entries of a wheel (a zip) that `wanted` names to where it says. @returns how many
 * @throws if the file is no whole zip.
 */
export async function extractWheel(
  path: string,
  wanted: (name: string) => string | undefined,
): Promise<number> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, opened) => {
      if (error)
        reject(
          new Error(
            `${path}: expected a whole wheel, got: ${error.message}; remove it and try again`,
          ),
        );
      else resolve(opened);
    });
  });
  let count = 0;
  const extract = async (entry: Entry) => {
    const target = entry.fileName.endsWith('/') ? undefined : wanted(entry.fileName);
    if (target !== undefined) {
      await mkdir(dirname(target), { recursive: true });
      const stream = await new Promise<NodeJS.ReadableStream>((opened, failed) => {
        zip.openReadStream(entry, (error, readable) => {
          if (error) failed(error);
          else opened(readable);
        });
      });
      await pipeline(stream, createWriteStream(target));
      count++;
    }
    zip.readEntry();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        extract(entry).catch(reject);
      });
      zip.on('end', resolve);
      zip.on('error', reject);
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
  return count;
}
