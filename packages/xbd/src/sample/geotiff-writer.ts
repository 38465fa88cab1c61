/** TIFF's field types: ASCII text, 16 and 32 bits, doubles. */
const [ASCII, SHORT, LONG, DOUBLE] = [2, 3, 4, 12] as const;
const bytesOf = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8 } as const;

interface Field {
  readonly tag: number;
  readonly type: keyof typeof bytesOf;
  readonly values: readonly number[];
}

/** Byte order, magic number, and where the directory is. */
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;
/** A value of no more bytes than this lies in its entry. */
const INLINE_BYTES = 4;

/**
 * A GeoTIFF as GDAL writes xBD's: int16, three interleaved bands, strips of one row, not
 * compressed, MinIsBlack with two extra samples, nodata -99, EPSG:4326.
 * @param rgb height * width * 3 values 0..255
 * @param origin longitude and latitude of the upper left corner
 * @param pixel degrees a pixel, east and south
 */
export function encodeXbdGeotiff(
  rgb: Uint8Array,
  width: number,
  height: number,
  origin: readonly [number, number],
  pixel: readonly [number, number],
): Buffer {
  const rowBytes = width * 3 * 2;
  const fieldsAt = (pixelsAt: number): Field[] => [
    { tag: 256, type: SHORT, values: [width] },
    { tag: 257, type: SHORT, values: [height] },
    { tag: 258, type: SHORT, values: [16, 16, 16] }, // bits a sample
    { tag: 259, type: SHORT, values: [1] }, // not compressed
    { tag: 262, type: SHORT, values: [1] }, // MinIsBlack
    { tag: 273, type: LONG, values: stripOffsets(height, rowBytes, pixelsAt) },
    { tag: 277, type: SHORT, values: [3] }, // samples a pixel
    { tag: 278, type: SHORT, values: [1] }, // rows a strip
    { tag: 279, type: LONG, values: new Array<number>(height).fill(rowBytes) },
    { tag: 284, type: SHORT, values: [1] }, // bands interleaved
    { tag: 338, type: SHORT, values: [0, 0] }, // two extra samples
    { tag: 339, type: SHORT, values: [2, 2, 2] }, // signed
    { tag: 33550, type: DOUBLE, values: [pixel[0], pixel[1], 0] },
    { tag: 33922, type: DOUBLE, values: [0, 0, 0, origin[0], origin[1], 0] },
    {
      tag: 34735, // GeoKeys: geographic, pixel is area, EPSG:4326
      type: SHORT,
      values: [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326],
    },
    { tag: 42113, type: ASCII, values: [...Buffer.from('-99\0', 'latin1')] }, // nodata
  ];
  const pixelsAt = headerBytes(fieldsAt(0));
  const out = Buffer.alloc(pixelsAt + rowBytes * height);
  writeHeader(out, fieldsAt(pixelsAt));
  for (let i = 0; i < rgb.length; i++) out.writeInt16LE(rgb[i] as number, pixelsAt + 2 * i);
  return out;
}

const stripOffsets = (height: number, rowBytes: number, pixelsAt: number) =>
  Array.from({ length: height }, (_, row) => pixelsAt + row * rowBytes);

const sizeOf = ({ type, values }: Field) => bytesOf[type] * values.length;

/** The number of entries, the entries, and where the next directory is: nowhere. */
const directoryBytes = (fields: readonly Field[]) => 2 + fields.length * ENTRY_BYTES + 4;

/** Bytes before the pixels. */
function headerBytes(fields: readonly Field[]): number {
  const outside = fields.map(sizeOf).filter((size) => size > INLINE_BYTES);
  const sum = outside.reduce((total, size) => total + size, 0);
  return HEADER_BYTES + directoryBytes(fields) + sum;
}

function writeHeader(out: Buffer, fields: readonly Field[]): void {
  out.write('II*\0', 0, 'latin1');
  out.writeUInt32LE(HEADER_BYTES, 4); // where the directory is
  out.writeUInt16LE(fields.length, HEADER_BYTES);
  let extra = HEADER_BYTES + directoryBytes(fields);
  for (const [i, field] of fields.entries()) {
    const entry = HEADER_BYTES + 2 + i * ENTRY_BYTES;
    out.writeUInt16LE(field.tag, entry);
    out.writeUInt16LE(field.type, entry + 2);
    out.writeUInt32LE(field.values.length, entry + 4);
    if (sizeOf(field) <= INLINE_BYTES) writeValues(out, field, entry + 8);
    else {
      out.writeUInt32LE(extra, entry + 8);
      writeValues(out, field, extra);
      extra += sizeOf(field);
    }
  }
}

function writeValues(out: Buffer, { type, values }: Field, at: number): void {
  for (const [i, value] of values.entries()) {
    const position = at + i * bytesOf[type];
    if (type === ASCII) out.writeUInt8(value, position);
    else if (type === SHORT) out.writeUInt16LE(value, position);
    else if (type === LONG) out.writeUInt32LE(value, position);
    else out.writeDoubleLE(value, position);
  }
}
