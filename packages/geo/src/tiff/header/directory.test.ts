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
    `${path}: expected an image of some pixels, got 0 x`,
  );
  whole.writeUInt32LE(0, 4);
  writeFileSync(path, whole);
  await expect(readTile(path)).rejects.toThrow(`${path}: expected a TIFF of one image or more`);
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
