import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files of a sweep that are a function of its recipe alone. */
const reports = ['results.csv', 'summary.json', 'plot.svg'];

/**
 * Names of files that a sweep's folder has otherwise than another's: reports by their bytes,
 * weights by their values, since they also say when and how they came to be. What is left over from
 * processes that were killed is named too.
 */
export function changedFiles(whole, out) {
  const weights = allFiles(whole).filter((name) => name.endsWith('encoder.safetensors'));
  const differ = [
    ...reports.filter((name) => !sameFile(name, (path) => readFileSync(path))),
    ...weights.filter((name) => !sameFile(name, tensorsOf)),
  ];
  const known = new Set(allFiles(whole));
  return [...differ, ...allFiles(out).filter((name) => isLeftOver(name, known))];

  function sameFile(name, read) {
    const path = join(out, name);
    return existsSync(path) && Buffer.compare(read(join(whole, name)), read(path)) === 0;
  }
}

const allFiles = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** Temporary files and owners; older checkpoints and events of a second start are meant to be. */
const isLeftOver = (name, known) =>
  !known.has(name) && !/checkpoint|events\.out|log\.txt/.test(name);

/** A digest of names, types, shapes and values of a .safetensors file. */
function tensorsOf(path) {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, start).toString());
  const hash = createHash('sha256');
  for (const name of Object.keys(header).sort()) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: range } = header[name];
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(bytes.subarray(start + range[0], start + range[1]));
  }
  return hash.digest();
}
