/**
 * An 8-bit image: rows top to bottom, pixels left to right, channels interleaved (height x width x
 * channels).
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1 grey (or class ids), 3 red-green-blue, 4 with alpha. */
  readonly channels: 1 | 3 | 4;
  /** height * width * channels values, 0..255. */
  readonly data: Uint8Array;
}

/**
 * Wraps pixels, or allocates black ones.
 * @throws if a side is not a positive whole number or `data` has another length than height * width
 *   * channels.
 */
export function createRaster(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  data?: Uint8Array,
): Raster {
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`raster ${name}: expected a positive whole number, got ${value}`);
  }
  const length = width * height * channels;
  if (data && data.length !== length) {
    throw new Error(
      `raster data: expected ${length} bytes for ${width} x ${height} x ${channels}, got ` +
        `${data.length}`,
    );
  }
  return { width, height, channels, data: data ?? new Uint8Array(length) };
}

/** Grey repeated into three channels, alpha dropped; one that is RGB already as it is. */
export function toRgb(raster: Raster): Raster {
  if (raster.channels === 3) return raster;
  const { width, height, channels, data } = raster;
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[channels === 1 ? from : from + 1] ?? 0;
    rgb[to + 2] = data[channels === 1 ? from : from + 2] ?? 0;
  }
  return { width, height, channels: 3, data: rgb };
}
