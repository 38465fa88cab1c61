import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { lastLine, runProgram } from './program.ts';
import { pipPlatform } from './release.ts';

/**
 * Fetches wheels with pip into a folder. One that is there already whole is kept: pip checks its hash.
 * @param requirements lines of a pip requirements file; with hashes if `hashed`
 * @throws one line with the remedy: no Python, no pip, no network, wrong hash, no space.
 */
export async function downloadWheels(requirements: readonly string[], hashed: boolean, folder: string, python = 'python3'): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'requirements.txt');
  await writeFile(file, `${requirements.join('\n')}\n`);
  const args = ['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', ...pipPlatform, ...(hashed ? ['--require-hashes'] : []), '-r', file, '-d', folder];
  const { code, output, missing } = await runProgram(python, args);
  if (code !== 0) throw new Error(explainPip(output, missing, python));
  return (await readdir(folder)).filter((name) => name.endsWith('.whl')).map((name) => join(folder, name));
}

/** What pip's output means, in a line, and what to do. */
export function explainPip(output: string, missing: boolean, python: string): string {
  if (missing) return `python: expected ${python} on the PATH, got none; install Python 3 with pip (Debian: apt-get install python3-pip), or point NOISY_PAIRS_LIBTENSORFLOW at a libtensorflow of your own`;
  if (/No module named pip/.test(output)) return `pip: expected ${python} to have it, got none; install it (Debian: apt-get install python3-pip, else: ${python} -m ensurepip)`;
  if (/DO NOT MATCH THE HASHES/.test(output)) return `download: expected the pinned sha256, got another file; remove it from the cache and try again, and distrust the mirror if it comes again`;
  if (/No space left on device|Errno 28/.test(output)) return 'disk: expected about 1.5 GB free in the cache folder and in the temporary folder, got a full one; make room or set XDG_CACHE_HOME and TMPDIR';
  if (/Permission denied|Errno 13|Read-only file system|Errno 30/.test(output)) return `cache folder: expected to be allowed to write, got: ${lastLine(output)}; set XDG_CACHE_HOME to another folder`;
  if (/NewConnectionError|ConnectionError|ConnectTimeout|Max retries|name resolution|Network is unreachable|ReadTimeout|ProxyError|SSLError/i.test(output)) {
    return 'network: expected pip to reach its package index, got no connection; try again later, set pip\'s index or proxy, or point NOISY_PAIRS_LIBTENSORFLOW at a libtensorflow of your own';
  }
  if (/No matching distribution|Could not find a version/.test(output)) return `download: expected pip's package index to have the wheel, got: ${lastLine(output)}; set pip's index to one that does`;
  return `pip: expected to download, got: ${lastLine(output)}`;
}

/** Streams the entries of a wheel (a zip) that `wanted` names to where it says; one file in memory at a time is never needed. */
export async function extractWheel(path: string, wanted: (name: string) => string | undefined): Promise<number> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: true }, (error, opened) => { if (error) reject(new Error(`${path}: expected a whole wheel, got: ${error.message}; remove it and try again`)); else resolve(opened); });
  });
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    const extract = async (entry: Entry) => {
      const target = entry.fileName.endsWith('/') ? undefined : wanted(entry.fileName);
      if (target !== undefined) {
        await mkdir(dirname(target), { recursive: true });
        const stream = await new Promise<NodeJS.ReadableStream>((opened, failed) => {
          zip.openReadStream(entry, (error, readable) => { if (error) failed(error); else opened(readable); });
        });
        await pipeline(stream, createWriteStream(target));
        count++;
      }
      zip.readEntry();
    };
    zip.on('entry', (entry: Entry) => { extract(entry).catch(reject); });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  return count;
}
