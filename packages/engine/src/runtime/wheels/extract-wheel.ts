import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';

/**
 * Streams the entries of a wheel (a zip) that `wanted` names to where it says.
 * @returns how many
 * @throws if the file is no whole zip
 */
export async function extractWheel(
  path: string,
  wanted: (name: string) => string | undefined,
): Promise<number> {
  const zip = await openZip(path);
  let count = 0;
  const extract = async (entry: Entry) => {
    const target = entry.fileName.endsWith('/') ? undefined : wanted(entry.fileName);
    if (target !== undefined) {
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await openEntry(zip, entry), createWriteStream(target));
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

function openZip(path: string): Promise<ZipFile> {
  const expected = `${path}: expected a whole wheel`;
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(new Error(`${expected}, got: ${error.message}; remove it and try again`));
      else resolve(zip);
    });
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}
