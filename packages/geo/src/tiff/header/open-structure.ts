import { oneBit } from '../samples.ts';
import type { TiffStructure } from '../structure.ts';
import { blockGridOf } from './block-grid.ts';
import { blockTableOf } from './block-table.ts';
import { compressions, requireReadable } from './compressions.ts';
import { readDirectories, type Directory } from './directory.ts';
import { nodataOf } from './nodata-tag.ts';
import { predictorOf, requireRgb, sampleFormatOf } from './sample-format.ts';
import { tags, wantedTags } from './tags.ts';

/** A TIFF's header. */
export interface TiffHeader {
  readonly structure: TiffStructure;
  readonly directory: Directory;
  /** Directories of its masks of transparency. */
  readonly masks: readonly Directory[];
}

/**
 * Reads the header; the file is closed again.
 * @throws `PATH: ...` if it is no TIFF, or one that is cut off, or of a layout that is not read
 */
export async function openStructure(path: string): Promise<TiffHeader> {
  const { main, masks } = await readDirectories(path, wantedTags);
  const structure = structureOf(main, path);
  if (structure.sampleType === oneBit)
    throw new Error(`${path}: expected samples of 8 bits or more, got 1 bit`);
  return { structure, directory: main, masks };
}

/** @throws `PATH: ...` as openStructure */
export function structureOf(directory: Directory, path: string): TiffStructure {
  const compression = directory.number(tags.compression, 1);
  requireReadable(compression, path);
  const format = sampleFormatOf(directory, path);
  const grid = blockGridOf(directory, format.sampleType, path);
  const photometric = directory.number(tags.photometric, 1);
  requireRgb(photometric, compression === compressions.jpeg, grid.planar, path);
  const extra = Array.from(directory.numbers(tags.extraSamples) ?? []);
  return {
    ...format,
    ...grid,
    littleEndian: directory.littleEndian,
    compression,
    predictor: predictorOf(directory, compression, format.sampleType, path),
    reversesBits: directory.number(tags.fillOrder, 1) === 2 && compression !== compressions.jpeg,
    photometric,
    alpha: alphaOf(extra, grid.samples),
    ...blockTableOf(directory, grid, format.sampleType, compression, path),
    ...nodataOf(directory, format.array, format.sampleType),
  };
}

/** The band of opacity among the extra samples, which are the last ones: 1 and 2 are opacity. */
function alphaOf(extra: readonly number[], samples: number): number | undefined {
  const at = extra.findIndex((type) => type === 1 || type === 2);
  const band = samples - extra.length + at;
  return at < 0 || band < 0 ? undefined : band;
}
