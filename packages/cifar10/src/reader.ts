import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const cifar10Size = 32;
export const cifar10Classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const;

const PLANE = cifar10Size * cifar10Size;
/** A record is a label byte, then 1,024 red, 1,024 green and 1,024 blue bytes, row by row. */
const RECORD = 1 + 3 * PLANE;

export type Cifar10Split = 'train' | 'test';

/** Images and labels, as in the official binary files: about 3 KB an image, in memory. */
export interface Cifar10 {
  readonly length: number;
  readonly labels: Uint8Array;
  /** Writes image `index` as 32 x 32 x 3 interleaved bytes. */
  image(index: number, pixels: Uint8Array): void;
  /** Official files of the split that were not in the folder. */
  readonly missing: readonly string[];
}

/**
 * Reads a split of CIFAR-10 in its binary layout (Krizhevsky 2009; the folder cifar-10-batches-bin).
 * @throws if none of the split's files is there, one is not a whole number of records, or a label is above 9.
 */
export async function readCifar10(dir: string, split: Cifar10Split): Promise<Cifar10> {
  const names = split === 'test' ? ['test_batch.bin'] : [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
  const missing = names.filter((name) => !existsSync(join(dir, name)));
  if (missing.length === names.length) throw new Error(`CIFAR-10: expected ${names.join(' or ')} in ${dir}, got none`);
  const files = await Promise.all(names.filter((name) => !missing.includes(name)).map(async (name) => {
    const bytes = await readFile(join(dir, name));
    if (bytes.length === 0 || bytes.length % RECORD !== 0) throw new Error(`${join(dir, name)}: expected a multiple of ${RECORD} bytes, got ${bytes.length}`);
    return { name, bytes };
  }));
  const records = Buffer.concat(files.map(({ bytes }) => bytes));
  const length = records.length / RECORD;
  const labels = Uint8Array.from({ length }, (_, i) => records[i * RECORD] as number);
  const bad = labels.findIndex((label) => label >= cifar10Classes.length);
  if (bad >= 0) throw new Error(`CIFAR-10 ${split}: expected labels 0..9, got ${labels[bad]} in record ${bad}`);
  return {
    length,
    labels,
    missing,
    image(index, pixels) {
      if (!Number.isInteger(index) || index < 0 || index >= length) throw new Error(`CIFAR-10 ${split}: expected an index in 0..${length - 1}, got ${index}`);
      const start = index * RECORD + 1;
      for (let i = 0; i < PLANE; i++) {
        for (let c = 0; c < 3; c++) pixels[3 * i + c] = records[start + c * PLANE + i] as number;
      }
    },
  };
}
