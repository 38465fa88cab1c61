import { readRegularFile } from '@noisy-pairs/imaging';
import { findBatches } from './find-batches.ts';

/** Edge of an image in pixels. */
export const cifar10Size = 32;
/** Class names by class id. */
export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

const PLANE = cifar10Size * cifar10Size;
/** A record is a label byte, then 1,024 red, 1,024 green and 1,024 blue bytes, row by row. */
const RECORD = 1 + 3 * PLANE;
export type Cifar10Split = 'train' | 'test';

/** Images and labels, as in the official binary files: about 3 KB an image, in memory. */
export interface Cifar10 {
  /** Its name in errors and logs; tells if files of the split are missing. */
  readonly name: string;
  readonly length: number;
  readonly labels: Uint8Array;
  /** Writes image `index` as 32 x 32 x 3 interleaved bytes. @throws if there is no such image */
  image(index: number, pixels: Uint8Array): void;
  /** Official files of the split that were not in the folder. */
  readonly missing: readonly string[];
}

/**
 * Reads a split of CIFAR-10 in its binary layout (Krizhevsky 2009; the folder
 * cifar-10-batches-bin; names in any case).
 * @throws if none of the split's files is there (with what is there instead), one is not a whole
 *   number of records, a label is above 9, or the class names beside them are not the ten of
 *   CIFAR-10 in their order.
 */
export async function readCifar10(dir: string, split: Cifar10Split): Promise<Cifar10> {
  const { files, missing, classNames } = await findBatches(dir, split);
  if (classNames !== undefined) await checkClassNames(classNames);
  const batches = await Promise.all(files.map(readBatch));
  const records = Buffer.concat(batches);
  const length = records.length / RECORD;
  return {
    name: `CIFAR-10 ${split}${missing.length > 0 ? ` without ${missing.join(', ')}` : ''}`,
    length,
    labels: Uint8Array.from({ length }, (_, i) => records[i * RECORD] as number),
    missing,
    image(index, pixels) {
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new Error(`CIFAR-10 ${split}: expected an index in 0..${length - 1}, got ${index}`);
      const start = index * RECORD + 1;
      for (let i = 0; i < PLANE; i++) {
        for (let c = 0; c < 3; c++) pixels[3 * i + c] = records[start + c * PLANE + i] as number;
      }
    },
  };
}

async function readBatch(file: string): Promise<Buffer> {
  const bytes = await readRegularFile(file);
  if (bytes.length === 0 || bytes.length % RECORD !== 0)
    throw new Error(
      `${file}: expected whole records of ${RECORD} bytes, got ${bytes.length} bytes`,
    );
  for (let record = 0; record < bytes.length / RECORD; record++) {
    const label = bytes[record * RECORD] as number;
    if (label >= cifar10Classes.length)
      throw new Error(`${file}: expected labels 0..9, got ${label} in record ${record}`);
  }
  return bytes;
}

async function checkClassNames(file: string): Promise<void> {
  // the official file ends in an empty line
  const names = (await readRegularFile(file)).toString().trim().split(/\s+/);
  if (names.join() !== cifar10Classes.join())
    throw new Error(
      `${file}: expected ${cifar10Classes.join(', ')}, got ${names.join(', ') || 'nothing'}`,
    );
}
