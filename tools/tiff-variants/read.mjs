// Reads the TIFFs whose paths come as lines, and answers a line of JSON each: the SHA-256 of the
// samples as they are and of the tile's RGB, or why not.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const built = new URL('../../packages/geo/dist/', import.meta.url);
const { createBlockCache, readTile } = await import(new URL('index.js', built));
const { openTiff } = await import(new URL('tiff/tiff.js', built));

const digest = ({ buffer, byteOffset, byteLength }) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');

/** @param {() => Promise<ArrayBufferView>} read */
async function attempt(read) {
  const start = performance.now();
  try {
    const samples = digest(await read());
    return { samples, ms: performance.now() - start };
  } catch (error) {
    return { error: error.message, ms: performance.now() - start };
  }
}

for await (const path of createInterface(process.stdin)) {
  const raw = await attempt(async () => {
    const tiff = await openTiff(path, createBlockCache(0));
    const { width, height } = tiff.structure;
    return tiff.read({ x: 0, y: 0, width, height });
  });
  const tile = await attempt(async () => (await readTile(path)).data);
  process.stdout.write(`${JSON.stringify({ raw, tile })}\n`);
}
