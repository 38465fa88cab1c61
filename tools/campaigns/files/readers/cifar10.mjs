// CIFAR-10's binary files, which have no checksum: what is read is compared byte by byte.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import { inFolder } from '../in-folder.mjs';
import { built } from '../readers.mjs';

const { readCifar10 } = await import(built('cifar10/dist/index.js'));
const record = 3073;

export const readers = {
  'CIFAR-10': {
    async samples(folder) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, 'test_batch.bin');
      const random = Random.from('CIFAR-10');
      const bytes = Buffer.from(Array.from({ length: 8 * record }, () => random.int(256)));
      for (let i = 0; i < 8; i++) bytes[i * record] = i;
      await writeFile(path, bytes);
      return [path];
    },
    read: (path) =>
      inFolder(path, 'test_batch.bin', async (folder) => {
        const set = await readCifar10(folder, 'test');
        const image = new Uint8Array(record - 1);
        return Array.from({ length: set.length }, (_, i) => {
          set.image(i, image);
          return [set.labels[i], Buffer.from(image).toString('base64')];
        });
      }),
    peer(bytes) {
      return Array.from({ length: bytes.length / record }, (_, i) => {
        const one = bytes.subarray(i * record, (i + 1) * record);
        const planes = one.subarray(1);
        const image = planes.map((_, p) => planes[(p % 3) * 1024 + Math.floor(p / 3)]);
        return [one[0], image.toString('base64')];
      });
    },
  },
};
