// The same files through geotiff.js, which reads the ordinary ones right.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromFile } from 'geotiff';
import { expect, test } from 'vitest';
import { createBlockCache } from './block-cache.ts';
import { openTiff } from './tiff.ts';

const folder = fileURLToPath(new URL('../fixtures/tiff', import.meta.url));
// geotiff 3.0.5 takes deferred tables of big-endian files for little-endian ones.
const ordinary = readdirSync(folder).filter((name) => !/^odd-|big-endian/.test(name));

test.each(ordinary)('%s: sizes, samples and nodata as geotiff.js has them', async (name) => {
  const file = join(folder, name);
  const peer = await fromFile(file);
  try {
    const image = await peer.getImage();
    const tiff = await openTiff(file, createBlockCache());
    const { width, height, samples } = tiff.structure;
    expect([width, height, samples]).toEqual([
      image.getWidth(),
      image.getHeight(),
      image.getSamplesPerPixel(),
    ]);
    const got = await tiff.read({ x: 0, y: 0, width, height });
    const expected = await image.readRasters({ interleave: true });
    expect(Array.from(got)).toEqual(Array.from(expected));
  } finally {
    await peer.close();
  }
});
