import { open, rename, rm } from 'node:fs/promises';
import { temporaryName } from '@noisy-pairs/imaging';

/** A tensor to be written. */
export interface NewEntry {
  readonly name: string;
  readonly dtype: 'F32' | 'I32' | 'I64';
  readonly shape: readonly number[];
  /** Its values, row by row, made when it is their turn. */
  values(): Promise<Float32Array | Int32Array | BigInt64Array>;
}

const widths = { F32: 4, I32: 4, I64: 8 } as const;

/**
 * Writes a .safetensors file, one tensor in memory at a time, under a temporary name that is
 * renamed at the end. Data start at a multiple of 8; give entries of I64 first, so that all lie
 * aligned.
 * @throws `PATH: not written (...)` with the file system's reason; the temporary file is gone then
 */
export async function writeSafetensors(
  path: string,
  entries: readonly NewEntry[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape } of entries) {
    const size = shape.reduce((product, side) => product * side, widths[dtype]);
    header[name] = { dtype, shape, data_offsets: [offset, (offset += size)] };
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(
    json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8), ' '),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(length);
      await file.writeFile(text);
      for (const entry of entries) {
        const { buffer, byteOffset, byteLength } = await entry.values();
        await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // `ENOSPC: no space left on device, write`: the rest names the temporary file.
    if ((error as NodeJS.ErrnoException).code !== undefined)
      throw new Error(`${path}: not written (${(error as Error).message.split(', ')[0] ?? ''})`, {
        cause: error,
      });
    throw error;
  }
}
