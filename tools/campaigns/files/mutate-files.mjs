// Damages files of every reader, reads them, and says what came of it.
import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Random } from '@noisy-pairs/imaging';
import { openAttempts } from './attempts.mjs';
import { mutate } from './mutations.mjs';
import { readerOf } from './readers.mjs';

const peerProgram = fileURLToPath(new URL('../peer/peer.py', import.meta.url));

/** What may come of an attempt; the last ones must not. */
export const outcomes = ['as before', 'right', 'refused', 'unchecked'];
export const faults = ['crash', 'hang', 'silent', 'unnamed'];

/**
 * Damages `count` files of a reader and reads them.
 * @param options { seed, count, folder, python }; without a Python, values that only another
 *   program could confirm are "unchecked"
 * @param say hears of each fault, a line; its file is kept in the folder
 * @returns counts by outcome
 */
export async function mutateFiles(name, options, say) {
  const { seed, count, folder } = options;
  const reader = await readerOf(name);
  const samples = join(folder, `samples of ${name}`);
  await mkdir(samples, { recursive: true });
  const paths = await reader.samples(samples, await moreSamples(name, options));
  const attempts = openAttempts(name);
  const peer = reader.python && options.python ? openPeer(options.python) : undefined;
  const originals = new Map();
  const counts = Object.fromEntries([...outcomes, ...faults].map((outcome) => [outcome, 0]));
  for (let i = 0; i < count; i++) {
    const random = Random.from(seed).split('mutate', name, i);
    const sample = paths[random.int(paths.length)];
    const whole = await readFile(sample);
    if (!originals.has(sample)) originals.set(sample, await readWhole(attempts, sample, whole));
    const { way, bytes } = mutate(random, whole, reader.isText);
    const path = join(folder, `damaged-${name.replace(/\W/g, '-')}-${i}${extname(sample)}`);
    await writeFile(path, bytes);
    const answer = await readOne(attempts, path, bytes);
    const found = await judge({ answer, original: originals.get(sample), path, reader, peer });
    counts[found.outcome]++;
    if (!faults.includes(found.outcome)) continue;
    await copyFile(path, join(folder, `fault-${path.split('/').at(-1)}`));
    say(`${name} ${i}: ${found.outcome}: ${way} of ${sample}: ${found.why}`);
  }
  attempts.close();
  peer?.close();
  return counts;
}

/** Samples of codecs that only the peer writes. */
async function moreSamples(name, { python, folder }) {
  if (name !== 'tiff' || !python) return [];
  const { stdout } = spawnSync(python, [peerProgram, '--write', folder], { encoding: 'utf8' });
  return stdout.trim().split('\n');
}

/** @throws if a sample itself is not read */
async function readWhole(attempts, path, bytes) {
  const answer = await readOne(attempts, path, bytes);
  if (answer.value === undefined || answer.notes.length > 0)
    throw new Error(`${path}: expected a sample that is read, got ${JSON.stringify(answer)}`);
  return answer;
}

const readOne = (attempts, path, bytes) => attempts.read({ path, bytes: bytes.toString('base64') });

/**
 * A value that differs is right only if another reader finds the very same in the damaged bytes;
 * that of a sealed file never is, and must at least be told by a note.
 */
async function judge({ answer, original, path, reader, peer }) {
  if (answer.crash) return { outcome: 'crash', why: answer.crash };
  if (answer.hang) return { outcome: 'hang', why: answer.hang };
  if (answer.error !== undefined) return said([answer.error], path);
  if (answer.notes.length > 0) return said(answer.notes, path);
  if (answer.value === original.value) return { outcome: 'as before' };
  const peers = answer.peer ?? (peer ? await peer.read(reader.python, path) : undefined);
  if (peers === answer.value) return { outcome: 'right' };
  if (peers === 'unchecked' || (peers === undefined && reader.python))
    return { outcome: 'unchecked' };
  return { outcome: 'silent', why: `another value; its peer: ${peers ?? 'none'}` };
}

/** A refusal, or notes: each on one line, one at least with the file's path. */
function said(lines, path) {
  const isNamed = lines.some((line) => line.includes(path));
  const areLines = lines.every((line) => !line.includes('\n'));
  return { outcome: isNamed && areLines ? 'refused' : 'unnamed', why: lines.join(' | ') };
}

/** The Python peer as a child that answers line by line. */
function openPeer(python) {
  const child = spawn(python, [peerProgram], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async read(kind, path) {
      child.stdin.write(`${JSON.stringify({ kind, path })}\n`);
      const { value } = await lines.next();
      return value === undefined ? 'refused: it died' : JSON.parse(value).peer;
    },
    close: () => child.stdin.end(),
  };
}
