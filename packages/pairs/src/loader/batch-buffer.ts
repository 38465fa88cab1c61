import { viewFields, type ViewBatch } from '../views/view-batch.ts';

/**
 * The arrays of one batch, all views of one shared buffer, so that a worker fills them in place.
 */
export interface BatchArrays {
  /** [B] which pairs. */
  readonly indices: Uint32Array;
  /** [B] 1 = the pair came in its noisy version. */
  readonly noisy: Uint8Array;
  /** [B] true classes of the images that become queries; 255 = unknown. */
  readonly firstClass: Uint8Array;
  /** [B] true classes of the images that become keys; 255 = unknown. */
  readonly secondClass: Uint8Array;
  /** [B, S, S, 3] pixels 0..255 of the images that become queries. */
  readonly first: Uint8Array;
  /** [B, S, S, 3] pixels of the images that become keys. */
  readonly second: Uint8Array;
  readonly firstViews: ViewBatch;
  readonly secondViews: ViewBatch;
}

/** Bytes of a batch of images of an edge of `size` pixels. */
export function batchBytes(batchSize: number, size: number): number {
  const index = 4;
  const views = 2 * 4 * Object.values(viewFields).reduce((sum, n) => sum + n, 0);
  const noisyAndClasses = 3;
  return batchSize * (index + views + noisyAndClasses + 2 * size * size * 3);
}

/** Lays the arrays of a batch over a buffer of `batchBytes`. */
export function batchArrays(
  buffer: SharedArrayBuffer,
  batchSize: number,
  size: number,
): BatchArrays {
  let offset = 0;
  const floats = (count: number) => {
    const array = new Float32Array(buffer, offset, count);
    offset += array.byteLength;
    return array;
  };
  const bytes = (count: number) => {
    const array = new Uint8Array(buffer, offset, count);
    offset += count;
    return array;
  };
  const views = (): ViewBatch => ({
    boxes: floats(batchSize * viewFields.boxes),
    turns: floats(batchSize * viewFields.turns),
    flips: floats(batchSize * viewFields.flips),
    colour: floats(batchSize * viewFields.colour),
    grey: floats(batchSize * viewFields.grey),
    sigma: floats(batchSize * viewFields.sigma),
  });
  // Four-byte values first, so that each array is aligned.
  const indices = new Uint32Array(buffer, 0, batchSize);
  offset = indices.byteLength;
  const firstViews = views();
  const secondViews = views();
  const pixels = batchSize * size * size * 3;
  return {
    indices,
    firstViews,
    secondViews,
    noisy: bytes(batchSize),
    firstClass: bytes(batchSize),
    secondClass: bytes(batchSize),
    first: bytes(pixels),
    second: bytes(pixels),
  };
}
