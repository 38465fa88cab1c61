import { open } from 'node:fs/promises';
import { openStructure } from './tiff/structure.ts';

export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** Bands by PNG's colour type. */
const pngBands = new Map([
  [0, 1],
  [2, 3],
  [3, 3],
  [4, 2],
  [6, 4],
]);

/**
 * Size of a PNG or TIFF, from its header alone.
 * @throws `PATH: ...` if it is neither, or cut off in its header
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const head = Buffer.alloc(26);
  const file = await open(path);
  let read: number;
  try {
    ({ bytesRead: read } = await file.read(head, 0, head.length, 0));
  } finally {
    await file.close();
  }
  if (read === 0) throw new Error(`${path}: expected an image, got a file of 0 bytes`);
  if (head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) {
    const [width, height, bands] = [
      head.readUInt32BE(16),
      head.readUInt32BE(20),
      pngBands.get(head.readUInt8(25)),
    ];
    if (read < head.length || !bands || width === 0 || height === 0)
      throw new Error(`${path}: expected a PNG, got one whose header is cut off or broken`);
    return { width, height, bands };
  }
  if (!/^(II[*+]\0|MM\0[*+])/.test(head.toString('latin1', 0, 4)))
    throw new Error(`${path}: expected a PNG or a TIFF, got neither`);
  const { structure } = await openStructure(path);
  return { width: structure.width, height: structure.height, bands: structure.samples };
}
