/** TIFF's field types: ASCII text, 16 and 32 bits, doubles. */
const [ASCII, SHORT, LONG, DOUBLE] = [2, 3, 4, 12];
const bytesOf: Readonly<Record<number, number>> = {
  [ASCII]: 1,
  [SHORT]: 2,
  [LONG]: 4,
  [DOUBLE]: 8,
};

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
  const fields: [tag: number, type: number, values: readonly number[] | string][] = [
    [256, SHORT, [width]],
    [257, SHORT, [height]],
    [258, SHORT, [16, 16, 16]],
    [259, SHORT, [1]],
    [262, SHORT, [1]],
    // from where the pixels begin, for now
    [273, LONG, Array.from({ length: height }, (_, row) => row * rowBytes)],
    [277, SHORT, [3]],
    [278, SHORT, [1]],
    [279, LONG, new Array<number>(height).fill(rowBytes)],
    [284, SHORT, [1]],
    [338, SHORT, [0, 0]],
    [339, SHORT, [2, 2, 2]],
    [33550, DOUBLE, [pixel[0], pixel[1], 0]],
    [33922, DOUBLE, [0, 0, 0, origin[0], origin[1], 0]],
    [34735, SHORT, [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]],
    [42113, ASCII, '-99\0'],
  ];
  const size = ([, type, values]: (typeof fields)[number]) =>
    (bytesOf[type] as number) * values.length;
  const directoryEnd = 8 + 2 + fields.length * 12 + 4;
  const pixelsAt =
    directoryEnd + fields.reduce((sum, field) => sum + (size(field) > 4 ? size(field) : 0), 0);
  const out = Buffer.alloc(pixelsAt + rowBytes * height);
  out.write('II*\0', 0, 'latin1');
  out.writeUInt32LE(8, 4);
  out.writeUInt16LE(fields.length, 8);
  let extra = directoryEnd;
  for (const [i, field] of fields.entries()) {
    const [tag, type, values] = field;
    const entry = 10 + i * 12;
    out.writeUInt16LE(tag, entry);
    out.writeUInt16LE(type, entry + 2);
    out.writeUInt32LE(values.length, entry + 4);
    let at = entry + 8;
    if (size(field) > 4) {
      out.writeUInt32LE(extra, entry + 8);
      at = extra;
      extra += size(field);
    }
    for (let k = 0; k < values.length; k++, at += bytesOf[type] as number) {
      if (typeof values === 'string') out.writeUInt8(values.charCodeAt(k), at);
      else if (type === SHORT) out.writeUInt16LE(values[k] as number, at);
      else if (type === LONG)
        out.writeUInt32LE((values[k] as number) + (tag === 273 ? pixelsAt : 0), at);
      else out.writeDoubleLE(values[k] as number, at);
    }
  }
  for (let i = 0; i < rgb.length; i++) out.writeInt16LE(rgb[i] as number, pixelsAt + 2 * i);
  return out;
}
