import { open, stat } from 'node:fs/promises';
import type { GeoTIFFImage } from 'geotiff';
import { requireInside, type Window } from '../window.ts';
import type { BlockCache } from './block-cache.ts';
import { blockDecoder, isDeflate, layoutOf, type DecodeBlock } from './decode-block.ts';
import { inflateBlocks } from './inflate-blocks.ts';
import type { Samples } from './samples.ts';
import { openStructure, type TiffStructure } from './structure.ts';

/** A TIFF, read by windows. */
export interface Tiff {
  readonly structure: TiffStructure;
  /** For its geographic tags. */
  readonly image: GeoTIFFImage;
  /**
   * Samples as they are in the file, interleaved: window.height rows of window.width pixels of
   * `bands`. The caller's.
   * @param bands which, from 0; default all
   * @throws `PATH: ...` for a window outside, or a block that does not decode
   */
  read(window: Window, bands?: readonly number[]): Promise<Samples>;
}

/** Blocks whose gaps are smaller than this are fetched in one read. */
const smallGap = 2 ** 14;
/** A result larger than this is to be read by windows. */
const largestWindow = 2 ** 31;

/**
 * Reads a TIFF's header. The file is open only while something is read, so there is nothing to
 * close.
 * @throws as openStructure
 */
export async function openTiff(path: string, cache: BlockCache): Promise<Tiff> {
  // A file that was replaced is another file.
  const { mtimeMs, size } = await stat(path);
  const { structure, image } = await openStructure(path);
  return tiffReader(
    path,
    `${path} ${mtimeMs} ${size}`,
    structure,
    image,
    cache,
    isDeflate(structure) ? undefined : await blockDecoder(image, structure, path),
  );
}

function tiffReader(
  path: string,
  key: string,
  structure: TiffStructure,
  image: GeoTIFFImage,
  cache: BlockCache,
  decode: DecodeBlock | undefined,
): Tiff {
  const {
    width,
    height,
    samples,
    array,
    planar,
    blockWidth,
    blockHeight,
    blocksAcross,
    blocksDown,
    offsets,
    byteCounts,
    compression,
  } = structure;
  const perPlane = blocksAcross * blocksDown;
  const layout = layoutOf(structure);

  /** The bytes of blocks, neighbours in one read. */
  const fetch = async (blocks: readonly number[]): Promise<Map<number, Buffer>> => {
    const sorted = blocks
      .filter((block) => Number(byteCounts[block]) > 0)
      .sort((a, b) => Number(offsets[a]) - Number(offsets[b]));
    const runs: { start: number; end: number; blocks: number[] }[] = [];
    for (const block of sorted) {
      const start = Number(offsets[block]);
      const end = start + Number(byteCounts[block]);
      const last = runs.at(-1);
      if (last && start - last.end <= smallGap && end - last.start < 2 ** 30) {
        last.end = Math.max(last.end, end);
        last.blocks.push(block);
      } else runs.push({ start, end, blocks: [block] });
    }
    const found = new Map<number, Buffer>();
    if (runs.length === 0) return found;
    const read = await readRanges(path, runs);
    for (const [i, run] of runs.entries()) {
      const bytes = read[i] as Buffer;
      for (const block of run.blocks) {
        const from = Number(offsets[block]) - run.start;
        found.set(block, bytes.subarray(from, from + Number(byteCounts[block])));
      }
    }
    return found;
  };

  const rowsOf = (block: number) =>
    Math.min(blockHeight, height - Math.floor((block % perPlane) / blocksAcross) * blockHeight);
  const empty = (block: number) =>
    new array(
      blockWidth * (structure.tiled ? blockHeight : rowsOf(block)) * (planar ? 1 : samples),
    ).fill(structure.nodata ?? 0);

  return {
    structure,
    image,
    async read(window, bands = Array.from({ length: samples }, (_, i) => i)) {
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
      const top = Math.floor(window.y / blockHeight);
      const bottom = Math.floor((window.y + window.height - 1) / blockHeight);
      const left = Math.floor(window.x / blockWidth);
      const right = Math.floor((window.x + window.width - 1) / blockWidth);
      const wanted: number[] = [];
      for (const plane of planar ? bands : [0])
        for (let y = top; y <= bottom; y++)
          for (let x = left; x <= right; x++) wanted.push(plane * perPlane + y * blocksAcross + x);

      // Uncompressed rows that are wanted whole need no copy of ours.
      if (
        decode &&
        compression === 1 &&
        !planar &&
        left === right &&
        window.x === 0 &&
        window.width === width &&
        !structure.tiled &&
        bands.length === samples &&
        bands.every((band, i) => band === i) &&
        isOneRun(structure, wanted)
      ) {
        const skip = (window.y - top * blockHeight) * width * samples;
        const count = window.height * width * samples;
        const size = array.BYTES_PER_ELEMENT;
        const start = Number(offsets[wanted[0] as number]) + skip * size;
        const [bytes] = await readRanges(path, [{ start, end: start + count * size }]);
        return decode(bytes as Buffer, window.height, path);
      }

      const out = new array(window.width * window.height * bands.length);
      const place = (block: number, values: Samples) => {
        copyBlock(structure, block, values, window, bands, out);
      };
      // Uncompressed blocks are in the file system's cache already: ours would only hold them
      // twice.
      const caches = compression !== 1;
      const missing: number[] = [];
      for (const block of wanted) {
        const known = caches ? cache.peek(key, block) : undefined;
        if (known) place(block, known);
        else missing.push(block);
      }
      const packed = await fetch(missing);
      const there = missing.filter((block) => packed.has(block));
      const keep = (block: number, values: Samples) => {
        if (caches) cache.put(key, block, values);
      };
      for (const block of missing) {
        if (packed.has(block)) continue;
        const values = empty(block);
        place(block, values);
        keep(block, values);
      }
      if (!decode) {
        await inflateBlocks(
          there.map((block) => ({
            block,
            bytes: packed.get(block) as Buffer,
            rows: rowsOf(block),
          })),
          layout,
          path,
          (block, values) => {
            place(block, values);
            if (cache.holds) keep(block, values.slice());
          },
        );
      } else {
        for (const block of there) {
          const values = await decode(
            packed.get(block) as Buffer,
            rowsOf(block),
            `${path}, block ${block}`,
          );
          place(block, values);
          keep(block, values);
        }
      }
      return out;
    },
  };
}

/** @throws if the file has become shorter */
async function readRanges(
  path: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Promise<Buffer[]> {
  const file = await open(path);
  try {
    const found: Buffer[] = [];
    for (const { start, end } of ranges) {
      const bytes = Buffer.allocUnsafeSlow(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length)
        throw new Error(
          `${path}: expected ${bytes.length} bytes at ${start}, got ${bytesRead}: the file is ` +
            'cut off',
        );
      found.push(bytes);
    }
    return found;
  } finally {
    await file.close();
  }
}

/** Whether uncompressed strips follow each other without a gap, full rows each. */
function isOneRun({ offsets, byteCounts }: TiffStructure, blocks: readonly number[]): boolean {
  return blocks.every(
    (block, i) =>
      Number(byteCounts[block]) > 0 &&
      (i === 0 ||
        Number(offsets[block]) === Number(offsets[block - 1]) + Number(byteCounts[block - 1])),
  );
}

/** The part of a block that lies in the window, band by band where bands lie apart. */
function copyBlock(
  {
    samples,
    planar,
    blockWidth,
    blockHeight,
    blocksAcross,
    blocksDown,
    width,
    height,
  }: TiffStructure,
  block: number,
  values: Samples,
  window: Window,
  bands: readonly number[],
  out: Samples,
): void {
  const inPlane = block % (blocksAcross * blocksDown);
  const plane = Math.floor(block / (blocksAcross * blocksDown));
  const x0 = (inPlane % blocksAcross) * blockWidth;
  const y0 = Math.floor(inPlane / blocksAcross) * blockHeight;
  const fromX = Math.max(x0, window.x);
  const toX = Math.min(x0 + blockWidth, window.x + window.width, width);
  const fromY = Math.max(y0, window.y);
  const toY = Math.min(y0 + blockHeight, window.y + window.height, height);
  const step = planar ? 1 : samples;
  const count = bands.length;
  const whole = !planar && count === samples && bands.every((band, i) => band === i);
  for (let y = fromY; y < toY; y++) {
    const from = ((y - y0) * blockWidth + (fromX - x0)) * step;
    const to = ((y - window.y) * window.width + (fromX - window.x)) * count;
    if (whole) {
      out.set(values.subarray(from, from + (toX - fromX) * step), to);
      continue;
    }
    for (const [i, band] of bands.entries()) {
      if (planar && band !== plane) continue;
      for (
        let x = 0, a = from + (planar ? 0 : band), b = to + i;
        x < toX - fromX;
        x++, a += step, b += count
      )
        out[b] = values[a] as number;
    }
  }
}
