// Draws the house in figures, and fails where a limit is broken: the width of lines, the length of
// files, siblings in a folder, circles of imports. Functions are measured by lint.
//
//   npx nx run checks:structure              what is beyond a limit, and the figures
//   npx nx run checks:structure -- --all     every file and folder too
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

/** What a person can read. Tests may be longer than sources, and lie beside them uncounted. */
export const limits = { width: 100, lines: 300, testLines: 500, medianLines: 80, siblings: 12 };

const isTest = (path) => /\.test\.m?ts$/.test(path);
const isSource = (path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path) && !isTest(path);
const isWritten = (path) =>
  /\.(ts|mts|mjs|py|c|cc|md|yml)$|^\.ci\/run$/.test(path) &&
  !/\/fixtures\/.*\.jsonl?$|^docs\/findings\/[^/]+\/report\.md$/.test(path); // programs wrote them

/** Texts by path, of all files that git knows or would. */
function readTree(root) {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trim().split('\n');
  return new Map(
    paths
      .filter((path) => isWritten(path) && existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/** Lines without the last, empty one. */
const linesOf = (text) => text.replace(/\n$/, '').split('\n');

/** The longest line of each file; rows of Markdown tables and links cannot be wrapped. */
function widths(tree) {
  return [...tree].map(([path, text]) => {
    const lines = linesOf(text).map((line) =>
      extname(path) === '.md' && /^\s*\||\]\(|^npx |^\S+$/.test(line) ? '' : line,
    );
    const longest = lines.reduce(
      (best, line, i) => (line.length > lines[best].length ? i : best),
      0,
    );
    return { path: `${path}:${longest + 1}`, value: lines[longest].length };
  });
}

const lengths = (tree, wanted) =>
  [...tree]
    .filter(([path]) => wanted(path))
    .map(([path, text]) => ({ path, value: linesOf(text).length }));

/** Files and folders directly in each folder of sources. */
function siblings(tree) {
  const folders = new Map();
  for (const path of [...tree.keys()].filter(isSource)) {
    const parts = path.split('/');
    for (let depth = 3; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[depth]));
    }
  }
  return [...folders].map(([path, names]) => ({ path, value: names.size }));
}

/** What a file imports from the files of its own package, types included. */
function importsOf(path, text) {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(path), name));
}

/** Each circle of imports once, as the files in it; found depth first. */
export function circles(graph) {
  const found = [];
  const done = new Set();
  const visit = (path, trail) => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** The figures of a tree, and one line for each thing beyond its limit. */
export function measure(tree) {
  const sources = lengths(tree, isSource).sort((a, b) => a.value - b.value);
  const median = sources[sources.length >> 1]?.value ?? 0;
  const graph = new Map(
    [...tree]
      .filter(([path]) => isSource(path))
      .map(([path, text]) => [path, importsOf(path, text)]),
  );
  const parts = [
    { what: 'columns', rows: widths(tree), limit: limits.width },
    { what: 'lines', rows: sources, limit: limits.lines },
    { what: 'lines', rows: lengths(tree, isTest), limit: limits.testLines },
    { what: 'siblings', rows: siblings(tree), limit: limits.siblings },
    {
      what: 'lines in the median',
      rows: [{ path: 'sources', value: median }],
      limit: limits.medianLines,
    },
  ].map((part) => ({ ...part, rows: [...part.rows].sort((a, b) => b.value - a.value) }));
  const rounds = circles(graph);
  const broken = [
    ...parts.flatMap(({ what, rows, limit }) =>
      rows
        .filter(({ value }) => value > limit)
        .map(({ path, value }) => `${path}: expected at most ${limit} ${what}, got ${value}`),
    ),
    ...rounds.map((round) => `circle of imports: ${round.join(' -> ')}`),
  ];
  const largest = parts.map(({ what, rows, limit }) => ({ what, limit, ...rows[0] }));
  return { parts, largest, median, sources: sources.length, broken };
}

function main() {
  const { values } = parseArgs({ options: { all: { type: 'boolean' } } });
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { parts, largest, median, sources, broken } = measure(readTree(root));
  if (values.all) {
    for (const { what, rows } of parts)
      for (const { path, value } of rows)
        console.log(`${String(value).padStart(5)} ${what}  ${path}`);
  }
  for (const { what, limit, path, value } of largest)
    console.log(`${String(value).padStart(5)} ${what} at most (limit ${limit}): ${path}`);
  console.log(`${String(median).padStart(5)} lines in the median of ${sources} source files`);
  for (const line of broken) console.error(line);
  if (broken.length > 0) console.error(`structure: ${broken.length} beyond their limits`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
