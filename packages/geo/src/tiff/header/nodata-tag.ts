import type { SampleArray, SampleType } from '../samples.ts';
import type { Directory } from './directory.ts';
import { tags } from './tags.ts';

/** What GDAL's tag of nodata means for samples of a type. */
export interface Nodata {
  /** The samples' value; null without a tag, or where the type cannot hold what it says. */
  readonly nodata: number | null;
  /** Value of blocks that were never written: the type's nearest to nodata, as GDAL has it. */
  readonly unwritten: number;
}

export function nodataOf(directory: Directory, array: SampleArray, type: SampleType): Nodata {
  const text = directory.text(tags.nodata)?.trim();
  if (!text) return { nodata: null, unwritten: 0 };
  const said = numberOf(text);
  if (type.startsWith('3/')) {
    const nodata = new array([said])[0] as number; // to the type's precision
    return { nodata, unwritten: nodata };
  }
  const unwritten = nearestWhole(said, array, type);
  return { nodata: unwritten === said ? said : null, unwritten };
}

/** A number as C's strtod takes it; what is none is 0, as GDAL has it. */
function numberOf(text: string): number {
  if (/^[+-]?nan/i.test(text)) return NaN;
  if (/^[+-]?inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const number = parseFloat(text);
  return Number.isNaN(number) ? 0 : number;
}

function nearestWhole(value: number, { BYTES_PER_ELEMENT }: SampleArray, type: SampleType): number {
  if (Number.isNaN(value)) return 0;
  const values = 2 ** (8 * BYTES_PER_ELEMENT);
  const least = type.startsWith('2/') ? -values / 2 : 0;
  const rounded = value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5);
  return Math.min(Math.max(rounded, least), least + values - 1);
}
