import { join } from 'node:path';
import { readImageHeader, type ImageHeader } from '@noisy-pairs/geo';
import { bandsOf } from '../pixels/bands.ts';
import { isWide, sortOf } from '../pixels/sort-of.ts';
import type { NamedImage, NamedPair } from '../rules/found.ts';
import type { IndexOptions } from './options.ts';

/** What headers say of an image. */
export interface CheckedImage {
  readonly width: number;
  readonly height: number;
  readonly sort: string;
  readonly isWide: boolean;
  readonly isGrey: boolean;
  readonly hasAlpha: boolean;
  /** Four bands, of which the first three are taken without having been asked for. */
  readonly hasFourth: boolean;
}

type Options = Pick<IndexOptions, 'bands' | 'stretch' | 'fit'>;

/** Both images of a pair by their headers, and what both have. */
export interface CheckedPair {
  readonly first: CheckedImage;
  readonly second: CheckedImage;
  readonly width: number;
  readonly height: number;
}

/** @throws `FILE: ...`, below the root, for the reason why the two are no pair */
export async function checkImages(
  root: string,
  { first: one, second: other }: NamedPair,
  options: Options,
): Promise<CheckedPair> {
  const first = await checkImage(root, one, options);
  const second = await checkImage(root, other, options);
  const isSame = first.width === second.width && first.height === second.height;
  if (!isSame && options.fit === undefined)
    throw new Error(
      `${one.files[0]}: ${first.width} x ${first.height}, but ${other.files[0]} ` +
        `${second.width} x ${second.height}; --fit crop takes what both have`,
    );
  return {
    first,
    second,
    width: Math.min(first.width, second.width),
    height: Math.min(first.height, second.height),
  };
}

async function checkImage(
  root: string,
  { files }: NamedImage,
  options: Options,
): Promise<CheckedImage> {
  const isBandFile = files.length > 1;
  const headers: ImageHeader[] = [];
  for (const file of files) {
    const header = await readImageHeader(join(root, file));
    requirePixels(header, options, file);
    headers.push(header);
    const [{ width, height }] = headers as [ImageHeader];
    if (header.width !== width || header.height !== height)
      throw new Error(
        `${file}: ${header.width} x ${header.height}, but the band beside it ${width} x ${height}`,
      );
  }
  const [header] = headers as [ImageHeader];
  const colours = header.bands - (header.hasAlpha ? 1 : 0);
  bandsOf(colours, { bands: bandsFor(options) }, files[0]);
  return {
    width: header.width,
    height: header.height,
    sort: sortOf(header, isBandFile),
    isWide: isWide(header),
    isGrey: colours === 1 && !isBandFile,
    hasAlpha: header.hasAlpha,
    hasFourth: colours === 4 && !options.bands,
  };
}

const bandsFor = ({ bands }: Options) => (bands ? ([...bands] as [number, number, number]) : null);

function requirePixels(header: ImageHeader, { stretch }: Options, file: string): void {
  if (!isWide(header)) return;
  const [format, bits] = header.sampleType.split('/');
  const got = format === '3' ? `floats of ${bits ?? ''} bits` : `${bits ?? ''} bits`;
  if (header.format === 'PNG')
    throw new Error(`${file}: expected a PNG of 8 bits, got ${got}; export it as TIFF`);
  if (stretch === undefined)
    throw new Error(
      `${file}: expected 8 bits, got ${got}; say --stretch, or --stretch none for values 0..255`,
    );
}
