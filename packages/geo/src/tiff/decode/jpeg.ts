import { decodeImage } from '@noisy-pairs/imaging';
import type { Directory } from '../header/directory.ts';
import { tags } from '../header/tags.ts';
import type { TiffStructure } from '../structure.ts';
import type { Unpack } from './unpack.ts';

const [startOfImage, adobe, jfif, startOfScan] = [0xd8, 0xee, 0xe0, 0xda];
/** TIFF's number for colour differences. */
const ycbcr = 6;

/**
 * Unpacks blocks that are JPEGs, with the tables that all share.
 * @throws `PATH: ...` for JPEGs of other than 8 bits, or of 2, 4 or more bands
 */
export function jpegUnpacker(
  directory: Directory,
  { array, planar, samples, photometric, blockWidth, blockHeight }: TiffStructure,
  path: string,
): Unpack {
  const bands = planar ? 1 : samples;
  if (array !== Uint8Array || (bands !== 1 && bands !== 3))
    throw new Error(
      `${path}: expected JPEGs of 8 bits and 1 or 3 bands, got ${array.BYTES_PER_ELEMENT * 8} ` +
        `bits and ${bands} bands`,
    );
  const tables = Buffer.from(Array.from(directory.numbers(tags.jpegTables) ?? []));
  const isDifferences = photometric === ycbcr;
  return async (bytes, plainBytes, what) => {
    // Tables end with an end-of-image mark and blocks begin with a start-of-image: two bytes each.
    const whole =
      tables.length > 0 ? Buffer.concat([tables.subarray(0, -2), bytes.subarray(2)]) : bytes;
    const jpeg = bands === 3 ? withColours(whole, isDifferences) : whole;
    const { width, channels, data } = await decodeImage(jpeg, what, blockWidth * blockHeight);
    if (width !== blockWidth || channels !== bands || data.length < plainBytes)
      throw new Error(
        `${what}: expected a JPEG ${blockWidth} pixels wide of ${bands} bands and ${plainBytes} ` +
          `bytes, got ${width} of ${channels} and ${data.length}`,
      );
    return data;
  };
}

/**
 * A JPEG that says whether it holds colour differences, as TIFF's tag and not the JPEG does;
 * without it JPEG libraries guess.
 */
function withColours(jpeg: Buffer, isDifferences: boolean): Buffer {
  const mark = Buffer.from([0xff, adobe, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]);
  mark[mark.length - 1] = isDifferences ? 1 : 0;
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1];
    if (marker === startOfScan) break;
    const length = marker === startOfImage ? 2 : 2 + jpeg.readUInt16BE(at + 2);
    if (marker !== adobe && marker !== jfif) parts.push(jpeg.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat([...parts, mark, jpeg.subarray(at)]);
}
