// Pixels: tiles of xBD, its targets, textures.
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRaster, encodeJpeg, encodePng, Random } from '@noisy-pairs/imaging';
import { inFolder } from '../in-folder.mjs';
import { built } from '../readers.mjs';

const { createBlockCache, readTile } = await import(built('geo/dist/index.js'));
const { openTiff } = await import(built('geo/dist/tiff/tiff.js'));
const { readMaskPng } = await import(built('geo/dist/tiles/mask-png.js'));
const { openTextures } = await import(built('vts/dist/textures/open-textures.js'));
const fixtures = fileURLToPath(built('geo/src/fixtures'));

const pixelsOf = ({ width, height, data }) => [width, height, Buffer.from(data).toString('base64')];

function picture(channels) {
  const random = Random.from(channels).split('picture');
  const raster = createRaster(48, 40, channels);
  raster.data.forEach((_, i) => (raster.data[i] = (i >> 2) ^ random.int(9)));
  return raster;
}

async function written(folder, files) {
  await mkdir(folder, { recursive: true });
  const paths = [];
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes);
    paths.push(join(folder, name));
  }
  return paths;
}

const pngs = async () => ({
  'rgb.png': await encodePng(picture(3)),
  'a.png': await encodePng(picture(4)),
});

export const readers = {
  tiff: {
    python: 'tiff',
    samples: async (folder, extra) => {
      const whole = [];
      for (const kind of ['tiff', 'odd-tiles', 'grids'])
        for (const name of readdirSync(join(fixtures, kind)).filter((n) => n.endsWith('.tif')))
          whole.push(join(fixtures, kind, name));
      // what neither side reads, and JPEGs of half colours, which decoders may spread as they like
      const readable = [];
      for (const path of [...whole, ...extra])
        if (await readers.tiff.read(path).catch(() => undefined)) readable.push(path);
      return readable;
    },
    async read(path) {
      const tiff = await openTiff(path, createBlockCache(0));
      const { width, height } = tiff.structure;
      const values = await tiff.read({ x: 0, y: 0, width, height });
      await readTile(path).catch((error) => {
        if (!error.message.startsWith(`${path}: `)) throw error;
      });
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    },
  },
  png: {
    python: 'image',
    samples: async (folder) => written(folder, await pngs()),
    read: async (path) => pixelsOf(await readTile(path)),
  },
  jpeg: {
    python: 'image',
    samples: async (folder) => written(folder, { 'rgb.jpg': await encodeJpeg(picture(3)) }),
    read: async (path) => pixelsOf(await readTile(path)),
  },
  texture: {
    python: 'texture',
    samples: async (folder) =>
      written(folder, { ...(await pngs()), 'rgb.jpg': await encodeJpeg(picture(3)) }),
    /** In a folder of three classes, one of which it is. */
    async read(path) {
      const name = join('damaged', `a${extname(path)}`);
      const set = await inFolder(path, name, async (dir) => {
        await written(dir, {
          'x.png': await encodePng(picture(3)),
          'y.png': await encodePng(picture(1)),
        });
        const textures = { kind: 'folder', dir, classes: ['x', 'damaged'], noiseClass: 'y' };
        return openTextures({ size: 32, textures });
      });
      const { width, height, pixels } = set.banks[1].get(0);
      const rgb = createRaster(width, height, 3);
      pixels.forEach((value, i) => {
        const isGrey = pixels instanceof Uint8Array;
        for (let c = 0; c < 3; c++) rgb.data[3 * i + c] = isGrey ? value : value >> (8 * c);
      });
      return pixelsOf(rgb);
    },
  },
  target: {
    python: 'mask',
    samples: async (folder) => {
      const mask = createRaster(48, 40, 1);
      mask.data.forEach((_, i) => (mask.data[i] = (i >> 4) % 5));
      return written(folder, { 'mask.png': await encodePng(mask) });
    },
    read: async (path) => pixelsOf(readMaskPng(await readFile(path), 48, 40, path)),
  },
};
