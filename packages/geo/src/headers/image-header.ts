import { openRegularFile } from '@noisy-pairs/imaging';
import { isJpegHead, readJpegHeader } from './jpeg-header.ts';
import { openStructure } from '../tiff/header/open-structure.ts';
import type { SampleType } from '../tiff/samples.ts';

export interface ImageHeader {
  readonly format: 'PNG' | 'JPEG' | 'TIFF';
  readonly width: number;
  readonly height: number;
  /** With those of opacity; 3 of a PNG's palette. */
  readonly bands: number;
  /** By sample format and bits; fewer than 8 bits of a PNG count as 8. */
  readonly sampleType: SampleType;
  /** Whether one of the bands is opacity. */
  readonly hasAlpha: boolean;
}

/** PNG's colour types with opacity: grey and RGB. */
const pngAlpha: readonly number[] = [4, 6];
/** Bands by PNG's colour type. */
const pngBands = new Map([
  [0, 1],
  [2, 3],
  [3, 3],
  [4, 2],
  [6, 4],
]);

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Bytes of a PNG up to its colour type. */
const headBytes = 26;

/**
 * Size and bands of a PNG, TIFF or JPEG, from its header alone.
 * @throws `PATH: ...` if it is none of them, or cut off in its header
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const head = await readHead(path);
  if (head.length === 0) throw new Error(`${path}: expected an image, got a file of 0 bytes`);
  if (head.subarray(0, 8).equals(pngSignature)) return pngHeader(head, path);
  if (isJpegHead(head)) {
    const size = await readJpegHeader(path);
    return { format: 'JPEG', ...size, sampleType: '1/8', hasAlpha: false };
  }
  if (!isTiffHead(head)) throw new Error(`${path}: expected a PNG or a TIFF, got neither`);
  const { structure } = await openStructure(path);
  const { width, height, samples: bands, sampleType, alpha } = structure;
  return { format: 'TIFF', width, height, bands, sampleType, hasAlpha: alpha !== undefined };
}

/** Whether a file begins as a TIFF or BigTIFF does. @throws `PATH: ...` for a pipe or a device */
export async function isTiff(path: string): Promise<boolean> {
  return isTiffHead(await readHead(path));
}

const isTiffHead = (head: Buffer) => /^(II[*+]\0|MM\0[*+])/.test(head.toString('latin1', 0, 4));

/** The first bytes of a file, fewer of a shorter one. */
async function readHead(path: string): Promise<Buffer> {
  const head = Buffer.alloc(headBytes);
  const file = await openRegularFile(path);
  try {
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function pngHeader(head: Buffer, path: string): ImageHeader {
  const isWhole = head.length === headBytes;
  const width = isWhole ? head.readUInt32BE(16) : 0;
  const height = isWhole ? head.readUInt32BE(20) : 0;
  const colours = isWhole ? head.readUInt8(25) : NaN;
  const bands = pngBands.get(colours);
  if (!bands || width === 0 || height === 0)
    throw new Error(`${path}: expected a PNG, got one whose header is cut off or broken`);
  const sampleType = head.readUInt8(24) === 16 ? '1/16' : '1/8';
  return { format: 'PNG', width, height, bands, sampleType, hasAlpha: pngAlpha.includes(colours) };
}
