import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { disposeAll, tf, type NamedTensors, type Tensor } from '@noisy-pairs/engine';

// The safetensors format (huggingface/safetensors): 8 bytes little-endian length of the header, a JSON header, raw row-major data.
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header, [from, to). */
  readonly data_offsets: readonly [number, number];
}
const dtypes = { float32: 'F32', int32: 'I32' } as const;
/** A header of 100 MB would name a million tensors; more is not a weights file. */
const LONGEST_HEADER = 100_000_000;

export interface Weights {
  /** The caller's. */
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes tensors (float32 or int32) as a .safetensors file, one tensor in memory at a time, under a temporary name that is renamed at the end.
 * @throws if a tensor has another type, or the file system's error.
 */
export async function saveWeights(path: string, tensors: NamedTensors, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32') throw new Error(`${path}: expected ${name} to be float32 or int32, got ${tensor.dtype}`);
    header[name] = { dtype: dtypes[tensor.dtype], shape: tensor.shape, data_offsets: [offset, (offset += 4 * tensor.size)] };
  }
  const json = JSON.stringify(header);
  // Padded by spaces to a multiple of 8, so that the data lie aligned.
  const text = Buffer.from(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8), ' '));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const temporary = `${path}.${process.pid}.tmp`;
  const stream = createWriteStream(temporary, { flush: true });
  const closed = once(stream, 'close');
  try {
    stream.write(length);
    stream.write(text);
    for (const tensor of Object.values(tensors)) {
      const values = await tensor.data<'float32' | 'int32'>();
      if (!stream.write(Buffer.from(values.buffer, values.byteOffset, values.byteLength))) await once(stream, 'drain');
    }
    stream.end();
    await closed;
    await rename(temporary, path);
  } catch (error) {
    stream.destroy();
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads a .safetensors file of float32 and int32 tensors.
 * @throws `PATH: expected ..., got ...` for a file that is cut off, has other types, or is no such file at all.
 */
export async function loadWeights(path: string): Promise<Weights> {
  const file = await open(path);
  const tensors: Record<string, Tensor> = {};
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(8);
    await file.read(start, 0, 8, 0);
    const length = size < 8 ? 0 : Number(start.readBigUInt64LE());
    if (length < 2 || length > LONGEST_HEADER || 8 + length > size) throw new Error(`${path}: expected a .safetensors header, got ${size} bytes without one`);
    const text = Buffer.alloc(length);
    await file.read(text, 0, length, 8);
    const { __metadata__: metadata = {}, ...entries } = parse(text, path);
    for (const [name, entry] of Object.entries(entries as Record<string, Entry>)) {
      const [from, to] = entry.data_offsets;
      const dtype = entry.dtype === 'F32' ? 'float32' : entry.dtype === 'I32' ? 'int32' : undefined;
      if (!dtype) throw new Error(`${path}: expected ${name} to be F32 or I32, got ${entry.dtype}`);
      const count = entry.shape.reduce((product, side) => product * side, 1);
      if (to - from !== 4 * count) throw new Error(`${path}: expected ${4 * count} bytes for ${name} [${entry.shape.join(', ')}], got ${to - from}`);
      if (8 + length + to > size) throw new Error(`${path}: expected ${8 + length + to} bytes, got ${size}: the file is cut off`);
      const values = dtype === 'float32' ? new Float32Array(count) : new Int32Array(count);
      await file.read(new Uint8Array(values.buffer), 0, to - from, 8 + length + from);
      tensors[name] = tf.tensor(values, [...entry.shape], dtype);
    }
    return { tensors, metadata: metadata as Record<string, string> };
  } catch (error) {
    disposeAll(tensors);
    throw error;
  } finally {
    await file.close();
  }
}

function parse(text: Buffer, path: string): Record<string, unknown> {
  try {
    return JSON.parse(text.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new Error(`${path}: expected a JSON header, got something else: not a .safetensors file`);
  }
}
