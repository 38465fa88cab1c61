import * as zlib from 'node:zlib';
import { ZSTDDecoder } from 'zstddec';

/**
 * Unpacks a zstd frame of at most so many plain bytes.
 * @throws for a broken frame, or one of more bytes
 */
export type UnpackZstd = (bytes: Uint8Array, mostBytes: number) => Uint8Array;

/** Node's own since 22.15; its types here are older. */
interface NodeZstd {
  readonly zstdDecompressSync?: (
    bytes: Uint8Array,
    options: { readonly maxOutputLength: number; readonly chunkSize: number },
  ) => Uint8Array;
}

/** Plain bytes below which Node's own is slower, since it sets up a state for each frame. */
const worthNode = 2 ** 17;

/** @param node where Node's own decompressor is, if it has one */
export async function openZstd(node: NodeZstd = zlib as NodeZstd): Promise<UnpackZstd> {
  const { zstdDecompressSync } = node;
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (bytes, mostBytes) => {
    if (zstdDecompressSync && mostBytes >= worthNode) {
      // bytes that threads share are not taken
      const own = bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
      return zstdDecompressSync(own, { maxOutputLength: mostBytes, chunkSize: mostBytes });
    }
    // Told the size, it decompresses once into that much memory; untold, it may loop without end.
    const plain = decoder.decode(bytes, mostBytes);
    if (plain.length === 0) throw new Error(`no zstd frame of at most ${mostBytes} bytes`);
    return plain;
  };
}
