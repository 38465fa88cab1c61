/** Reads one value of a TIFF's field. */
type Get = (view: DataView, at: number, littleEndian: boolean) => number;

const u8: Get = (view, at) => view.getUint8(at);
const u32: Get = (view, at, little) => view.getUint32(at, little);
const u64: Get = (view, at, little) => Number(view.getBigUint64(at, little));
const ratio: Get = (view, at, little) => u32(view, at, little) / u32(view, at + 4, little);
const signedRatio: Get = (view, at, little) =>
  view.getInt32(at, little) / view.getInt32(at + 4, little);

/** Bytes and reader of TIFF's field types, by their numbers. */
const types = new Map<number, readonly [bytes: number, get: Get]>([
  [1, [1, u8]], // BYTE
  [2, [1, u8]], // ASCII
  [3, [2, (view, at, little) => view.getUint16(at, little)]],
  [4, [4, u32]],
  [5, [8, ratio]],
  [6, [1, (view, at) => view.getInt8(at)]],
  [7, [1, u8]], // UNDEFINED
  [8, [2, (view, at, little) => view.getInt16(at, little)]],
  [9, [4, (view, at, little) => view.getInt32(at, little)]],
  [10, [8, signedRatio]],
  [11, [4, (view, at, little) => view.getFloat32(at, little)]],
  [12, [8, (view, at, little) => view.getFloat64(at, little)]],
  [13, [4, u32]], // IFD
  [16, [8, u64]],
  [17, [8, (view, at, little) => Number(view.getBigInt64(at, little))]],
  [18, [8, u64]], // IFD8
]);

/** Bytes of a value; 0 of a type that TIFF does not have, whose values are none. */
export const fieldBytes = (type: number): number => types.get(type)?.[0] ?? 0;

/** Types of whole numbers, as libtiff takes them where it wants one. */
const wholeTypes: ReadonlySet<number> = new Set([1, 3, 4, 6, 8, 9, 16, 17]);
export const isWholeType = (type: number): boolean => wholeTypes.has(type);

/** @returns undefined for a type that TIFF does not have */
export function fieldValues(
  view: DataView,
  type: number,
  count: number,
  littleEndian: boolean,
): Float64Array | undefined {
  const known = types.get(type);
  if (!known) return undefined;
  const [bytes, get] = known;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = get(view, i * bytes, littleEndian);
  return values;
}
