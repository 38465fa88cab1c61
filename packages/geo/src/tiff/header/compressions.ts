/** The compressions that are read, by TIFF's numbers. */
export const compressions = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  deflateOld: 32946,
  packBits: 32773,
  lerc: 34887,
  zstd: 50000,
} as const;

/** Those that libtiff undoes differences for; with others its tag says nothing. */
const predicted: ReadonlySet<number> = new Set([
  compressions.lzw,
  compressions.deflate,
  compressions.deflateOld,
  compressions.zstd,
]);
export const hasPredictor = (compression: number): boolean => predicted.has(compression);

const otherNames = new Map([
  [2, 'CCITT RLE'],
  [3, 'CCITT fax 3'],
  [4, 'CCITT fax 4'],
  [6, 'old JPEG'],
  [9, 'JBIG'],
  [10, 'JBIG'],
  [32766, 'NeXT'],
  [32771, 'CCITT RLE'],
  [32809, 'ThunderScan'],
  [32908, 'Pixar film'],
  [32909, 'Pixar log'],
  [33003, 'JPEG 2000'],
  [33005, 'JPEG 2000'],
  [34661, 'JBIG'],
  [34676, 'SGI log'],
  [34677, 'SGI log 24'],
  [34712, 'JPEG 2000'],
  [34925, 'LZMA'],
  [50001, 'WebP'],
  [50002, 'JPEG XL'],
  [52546, 'JPEG XL'],
]);

const readable: ReadonlySet<number> = new Set(Object.values(compressions));

/** @throws `PATH: ...` for a compression that is not read, by its name */
export function requireReadable(compression: number, path: string): void {
  if (readable.has(compression)) return;
  throw new Error(
    `${path}: expected no compression, LZW, JPEG, deflate, PackBits, LERC or zstd, got ` +
      `${otherNames.get(compression) ?? 'an unknown one'} (number ${compression})`,
  );
}
