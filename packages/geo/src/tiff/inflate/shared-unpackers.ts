import { unpackLzw } from '../decode/lzw.ts';
import { openZstd } from '../decode/zstd.ts';
import { compressions } from '../header/compressions.ts';
import { isDeflate } from '../structure.ts';
import { createInflater, type InflateInto } from './inflater.ts';

/** An unpacker of this thread's. */
export interface SharedUnpacker {
  /** Its packed bytes, in words. */
  readonly expected: string;
  readonly unpack: InflateInto;
}

/** Whether blocks of the compression are unpacked many at once, by two threads. */
export const isShared = (compression: number): boolean =>
  isDeflate(compression) || compression === compressions.lzw || compression === compressions.zstd;

const opened = new Map<number, Promise<SharedUnpacker>>();

/** The unpacker of a compression that isShared. */
export function sharedUnpacker(compression: number): Promise<SharedUnpacker> {
  const unpacker = opened.get(compression) ?? openUnpacker(compression);
  opened.set(compression, unpacker);
  return unpacker;
}

async function openUnpacker(compression: number): Promise<SharedUnpacker> {
  if (compression === compressions.lzw) return { expected: 'bytes of LZW', unpack: unpackLzw };
  if (compression !== compressions.zstd)
    return { expected: 'deflated bytes', unpack: createInflater() };
  const unpackZstd = await openZstd();
  const unpack: InflateInto = (bytes, into) => {
    const plain = unpackZstd(bytes, into.length);
    into.set(plain);
    return plain.length;
  };
  return { expected: 'bytes of zstd', unpack };
}
