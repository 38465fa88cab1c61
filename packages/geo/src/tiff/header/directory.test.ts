import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readTile } from '../../tiles/tile.ts';
import { openStructure } from './open-structure.ts';

const folder = fileURLToPath(new URL('../../fixtures/tiff', import.meta.url));
const path = join(mkdtempSync(join(tmpdir(), 'directory-')), 'a.tif');

it.each(['strips.tif', 'bigtiff.tif', 'big-endian.tif', 'odd-big-endian-big-tiles.tif'])(
  '%s cut off anywhere is called cut off',
  async (name) => {
    const whole = readFileSync(join(folder, name));
    for (let length = 8; length < whole.length; length += 1 + Math.floor(length / 50)) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(readTile(path), String(length)).rejects.toThrow(
        /^\/.*a\.tif: expected a whole (TIFF|file), got one that is cut off: .* ends at byte \d+/,
      );
    }
  },
);

it('directories in a circle, no directory, and tags of unknown types are named', async () => {
  const whole = readFileSync(join(folder, 'strips.tif'));
  const at = whole.readUInt32LE(4);
  const next = at + 2 + 12 * whole.readUInt16LE(at);
  whole.writeUInt32LE(at, next);
  writeFileSync(path, whole);
  await expect(readTile(path)).rejects.toThrow(
    `${path}: expected directories one after another, got a loop`,
  );
  whole.writeUInt32LE(0, next);
  whole.writeUInt16LE(99, at + 4); // the type of the width
  writeFileSync(path, whole);
  await expect(readTile(path)).rejects.toThrow(
    `${path}: expected one whole number as tag 256, got 1 values of TIFF's type 99`,
  );
  whole.writeUInt32LE(0, 4);
  writeFileSync(path, whole);
  await expect(readTile(path)).rejects.toThrow(`${path}: expected a TIFF of one image or more`);
});

/** Where the entry of a tag is in a little-endian TIFF. */
function entryOf(tiff: Buffer, tag: number): number {
  const at = tiff.readUInt32LE(4) + 2;
  for (let entry = at; ; entry += 12) if (tiff.readUInt16LE(entry) === tag) return entry;
}

// rasterio: Incorrect count for "PlanarConfiguration"; Cannot handle different values per-sample
it.each([
  ['no value of the planar configuration', 284, { count: 0 }, 'got 0 values of'],
  ['two of them', 284, { count: 2 }, 'got 2 values of'],
  ['text instead', 284, { type: 2 }, "got 1 values of TIFF's type 2"],
  ['neither together nor apart', 284, { value: 3 }, 'expected bands together (1) or apart (2)'],
  ['two compressions', 259, { count: 2 }, 'expected one whole number as tag 259, got 2 values'],
])('%s is refused', async (_, tag, change: Record<string, number>, message) => {
  const tiff = readFileSync(join(folder, 'strips.tif'));
  const entry = entryOf(tiff, tag);
  if (change.type !== undefined) tiff.writeUInt16LE(change.type, entry + 2);
  if (change.count !== undefined) tiff.writeUInt32LE(change.count, entry + 4);
  if (change.value !== undefined) tiff.writeUInt16LE(change.value, entry + 8);
  writeFileSync(path, tiff);
  await expect(openStructure(path)).rejects.toThrow(message);
});

// rasterio: TIFF directory is missing required "StripByteCounts" field
it('several strips without byte counts are refused, as of one alone they are told', async () => {
  const tiff = readFileSync(join(folder, 'strips-of-8-rows.tif'));
  tiff.writeUInt16LE(65_000, entryOf(tiff, 279));
  writeFileSync(path, tiff);
  await expect(openStructure(path)).rejects.toThrow(
    `${path}: expected byte counts of its 5 strips or tiles, got none, which can be made good ` +
      'for one alone',
  );
});

it('any changed byte of a header gives the image, or one line that names the file', async () => {
  for (const name of readdirSync(folder).sort()) {
    const whole = readFileSync(join(folder, name));
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(whole);
      const at = (i * 7919) % Math.min(600, whole.length);
      bytes[at] = (bytes[at] as number) ^ (1 << (i % 8));
      writeFileSync(path, bytes);
      const message = await openStructure(path).then(
        () => `${path}: read`,
        (error: unknown) => (error as Error).message,
      );
      expect(message).toMatch(/^\/.*a\.tif(, block \d+)?: [^\n]+$/);
    }
  }
});
