import { requireInside, type Window } from '../window.ts';
import type { BlockCache } from './block-cache.ts';
import { layoutOf } from './block-layout.ts';
import { copyBlock, isWhole } from './copy-block.ts';
import { blockDecoder, type DecodeBlock } from './decode/block-decoder.ts';
import { fetchBlocks, readRanges } from './fetch-blocks.ts';
import type { Directory } from './header/directory.ts';
import { inflateBlocks } from './inflate/inflate-blocks.ts';
import { isShared } from './inflate/shared-unpackers.ts';
import { oneBit, type Samples } from './samples.ts';
import { rowsOf, unwrittenBlock, type TiffStructure } from './structure.ts';

/** Bytes above which a result is to be read by windows. */
const largestWindow = 2 ** 31;

/** An image of a file, and how its blocks become samples. */
export interface OpenedImage {
  readonly path: string;
  /** The image's name to the cache: one of a file that was replaced is another. */
  readonly key: string;
  readonly structure: TiffStructure;
  readonly cache: BlockCache;
  /** undefined for deflate, LZW and zstd, whose blocks are unpacked many at once. */
  readonly decode: DecodeBlock | undefined;
}

/** @throws as blockDecoder */
export async function openImage(
  path: string,
  key: string,
  directory: Directory,
  structure: TiffStructure,
  cache: BlockCache,
): Promise<OpenedImage> {
  const inflates = isShared(structure.compression) && structure.sampleType !== oneBit;
  const decode = inflates ? undefined : await blockDecoder(directory, structure, path);
  return { path, key, structure, cache, decode };
}

/** @throws as Tiff.read */
export async function readWindow(
  file: OpenedImage,
  window: Window,
  bands: readonly number[],
): Promise<Samples> {
  const { structure } = file;
  checkRequest(file, window, bands);
  const wanted = blocksUnder(structure, window, bands);
  if (file.decode && isPlainRun(structure, window, bands, wanted))
    return readRows(file, file.decode, window, wanted[0] as number);
  const out = new structure.array(window.width * window.height * bands.length);
  await eachBlock(file, wanted, (block, samples) => {
    copyBlock(structure, block, samples, window, bands, out);
  });
  return out;
}

function checkRequest(
  { path, structure: { width, height, samples, array } }: OpenedImage,
  window: Window,
  bands: readonly number[],
): void {
  requireInside(window, width, height, path);
  for (const band of bands)
    if (!Number.isInteger(band) || band < 0 || band >= samples)
      throw new Error(`${path}: expected bands of 0..${samples - 1}, got ${band}`);
  const bytes = window.width * window.height * bands.length * array.BYTES_PER_ELEMENT;
  if (bytes > largestWindow)
    throw new Error(
      `${path}: expected a window of at most ${largestWindow / 2 ** 30} GiB, got ` +
        `${window.width} x ${window.height} pixels, ${(bytes / 2 ** 30).toFixed(1)} GiB; ` +
        'read it by smaller windows',
    );
}

/** Numbers of the blocks that hold a part of the window, plane by plane where bands lie apart. */
function blocksUnder(
  { planar, blockWidth, blockHeight, blocksAcross, blocksDown }: TiffStructure,
  window: Window,
  bands: readonly number[],
): number[] {
  const top = Math.floor(window.y / blockHeight);
  const bottom = Math.floor((window.y + window.height - 1) / blockHeight);
  const left = Math.floor(window.x / blockWidth);
  const right = Math.floor((window.x + window.width - 1) / blockWidth);
  const blocks: number[] = [];
  for (const plane of planar ? bands : [0])
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) blocks.push((plane * blocksDown + y) * blocksAcross + x);
  return blocks;
}

/** Whether the window is whole rows of uncompressed strips that follow each other without a gap. */
function isPlainRun(
  structure: TiffStructure,
  window: Window,
  bands: readonly number[],
  blocks: readonly number[],
): boolean {
  const { compression, reversesBits, tiled, width, offsets, byteCounts } = structure;
  if (
    compression !== 1 ||
    reversesBits ||
    tiled ||
    window.width !== width ||
    !isWhole(structure, bands)
  )
    return false;
  return blocks.every((block, i) => {
    if (Number(byteCounts[block]) === 0) return false;
    const endBefore = Number(offsets[block - 1]) + Number(byteCounts[block - 1]);
    return i === 0 || Number(offsets[block]) === endBefore;
  });
}

/** Such rows in one read, without a copy of ours. @param first block */
async function readRows(
  { path, structure }: OpenedImage,
  decode: DecodeBlock,
  window: Window,
  first: number,
): Promise<Samples> {
  const { width, samples, array, blockHeight, offsets } = structure;
  const rowBytes = width * samples * array.BYTES_PER_ELEMENT;
  const start = Number(offsets[first]) + (window.y % blockHeight) * rowBytes;
  const [bytes] = await readRanges(path, [{ start, end: start + window.height * rowBytes }]);
  return decode(bytes as Buffer, window.height, path);
}

/**
 * Gives the samples of each block, from the cache or the file.
 * @param take gets them in no order; they are valid during the call only
 */
async function eachBlock(
  { path, key, structure, cache, decode }: OpenedImage,
  wanted: readonly number[],
  take: (block: number, samples: Samples) => void,
): Promise<void> {
  // Uncompressed blocks are in the file system's cache already: ours would only hold them twice.
  const caches = structure.compression !== 1;
  const missing = wanted.filter((block) => {
    const known = caches ? cache.peek(key, block) : undefined;
    if (known) take(block, known);
    return !known;
  });
  const packed = await fetchBlocks(path, structure, missing);
  const takeNew = (block: number, samples: Samples) => {
    take(block, samples);
    if (caches) cache.put(key, block, samples);
  };
  const there: { block: number; bytes: Buffer; rows: number }[] = [];
  for (const block of missing) {
    const bytes = packed.get(block);
    if (bytes) there.push({ block, bytes, rows: rowsOf(structure, block) });
    else takeNew(block, unwrittenBlock(structure, block));
  }
  if (decode) {
    for (const { block, bytes, rows } of there)
      takeNew(block, await decode(bytes, rows, `${path}, block ${block}`));
    return;
  }
  await inflateBlocks(there, layoutOf(structure), path, (block, samples) => {
    take(block, samples);
    if (cache.holds) cache.put(key, block, samples.slice());
  });
}
