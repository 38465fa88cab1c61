import {
  createBlockCache,
  openTiff,
  readImageHeader,
  readMaskPng,
  type ImageHeader,
} from '@noisy-pairs/geo';
import { decodeImage, readRegularFile, type Raster } from '@noisy-pairs/imaging';

/** Added to 0xRRGGBB, so that colours are no numbers of classes. */
export const colourBase = 2 ** 24;
/** A JPEG's mask has all values around two; from here on it is 1. */
const cut = 128;

/** A mask as it is stored: numbers, or `colourBase` + 0xRRGGBB. */
export interface MaskValues {
  readonly width: number;
  readonly height: number;
  readonly values: Uint32Array;
  /** Whether it was cut at 128, being a JPEG. */
  readonly wasCut: boolean;
}

/** @throws `PATH: ...` if it cannot be read, or holds values that are no whole numbers */
export async function readMaskValues(path: string): Promise<MaskValues> {
  const header = await readImageHeader(path);
  const { format, width, height } = header;
  const values =
    format === 'TIFF' ? await tiffValues(path, header) : await otherValues(path, header);
  return { width, height, values, wasCut: format === 'JPEG' };
}

async function otherValues(path: string, header: ImageHeader): Promise<Uint32Array> {
  const { format, width, height } = header;
  const bytes = await readRegularFile(path);
  // Of a palette or grey the numbers as they are: sharp would spread or colour them.
  const isIndexed = format === 'PNG' && [0, 3].includes(bytes[25] as number);
  if (isIndexed) return Uint32Array.from(readMaskPng(bytes, width, height, path).data);
  const raster = await decodeImage(bytes, path, width * height);
  if (format === 'JPEG') return Uint32Array.from(greyOf(raster), (value) => Number(value >= cut));
  return coloursOf(raster);
}

/** The one band, or green, which is nearest to brightness. */
function greyOf({ data, channels }: Raster): Uint8Array {
  if (channels === 1) return data;
  const grey = new Uint8Array(data.length / channels);
  for (let i = 0; i < grey.length; i++) grey[i] = data[i * channels + 1] as number;
  return grey;
}

/** Grey as its number where all pixels are grey, else colours. */
function coloursOf({ data, channels }: Raster): Uint32Array {
  const values = new Uint32Array(data.length / channels);
  let isGrey = true;
  for (let i = 0; i < values.length; i++) {
    const [r, g, b] = data.subarray(i * channels, i * channels + 3) as unknown as [
      number,
      number,
      number,
    ];
    isGrey &&= r === g && g === b;
    values[i] = colourBase + r * 65536 + g * 256 + b;
  }
  return isGrey ? values.map((value) => value & 255) : values;
}

async function tiffValues(path: string, { width, height }: ImageHeader): Promise<Uint32Array> {
  const tiff = await openTiff(path, createBlockCache(0));
  const samples = await tiff.read({ x: 0, y: 0, width, height }, [0]);
  const values = new Uint32Array(width * height);
  for (const [i, value] of samples.entries()) {
    if (!(value >= 0 && value <= 65535 && Number.isInteger(value)))
      throw new Error(`${path}: expected whole numbers 0..65535 in a mask, got ${value}`);
    values[i] = value;
  }
  return values;
}
