import { sampleArrays, type SampleArray, type SampleType } from '../samples.ts';
import { hasPredictor } from './compressions.ts';
import type { Directory } from './directory.ts';
import { tags } from './tags.ts';

/**
 * The array and the key of the samples' type, which all bands must share.
 * @throws `PATH: ...` for several types, or one that is not read
 */
export function sampleFormatOf(
  directory: Directory,
  path: string,
): { array: SampleArray; sampleType: SampleType } {
  const one = (tag: number, what: string) => {
    const values = Array.from(directory.numbers(tag) ?? [1]);
    if (new Set(values).size !== 1)
      throw new Error(
        `${path}: expected one ${what} for all bands, got ${values.slice(0, 8).join(', ')}`,
      );
    return values[0] as number;
  };
  const bits = one(tags.bitsPerSample, 'number of bits');
  const format = one(tags.sampleFormat, 'sample format');
  const sampleType = `${format}/${bits}`;
  if (!isSampleType(sampleType))
    throw new Error(
      `${path}: expected samples of 8, 16, 32 or (floats) 64 bits, got sample format ${format} ` +
        `of ${bits} bits`,
    );
  return { array: sampleArrays[sampleType], sampleType };
}

const isSampleType = (text: string): text is SampleType => Object.hasOwn(sampleArrays, text);

/** @throws `PATH: ...` for a predictor that is not undone */
export function predictorOf(
  directory: Directory,
  compression: number,
  sampleType: SampleType,
  path: string,
): 1 | 2 {
  if (!hasPredictor(compression)) return 1;
  const predictor = directory.number(tags.predictor, 1);
  const isFloat = sampleType.startsWith('3/');
  if (predictor === 1 || (predictor === 2 && !isFloat)) return predictor;
  throw new Error(`${path}: expected predictor 1, or 2 with whole numbers, got ${predictor}`);
}

/** Colours of other spaces, whose samples would be taken for red, green and blue. */
const otherColours = new Map([
  [5, 'CMYK'],
  [8, 'CIELab'],
  [9, 'ICCLab'],
  [10, 'ITULab'],
  [32844, 'LogL'],
  [32845, 'LogLuv'],
]);

/** @throws `PATH: ...` for colours other than red, green and blue */
export function requireRgb(
  photometric: number,
  compressesAsJpeg: boolean,
  planar: boolean,
  path: string,
): void {
  const isDifferences = photometric === 6 && (!compressesAsJpeg || planar);
  const other = isDifferences ? 'YCbCr' : otherColours.get(photometric);
  if (other === undefined) return;
  throw new Error(`${path}: expected red, green and blue, got samples of ${other}`);
}
