import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCifar10 } from './reader.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'cifar-odd-'));
/** A folder with empty files of these names; those that end in a slash are folders. */
function folderOf(...names: string[]): string {
  const dir = temporary();
  for (const name of names)
    if (name.endsWith('/')) mkdirSync(join(dir, name), { recursive: true });
    else writeFileSync(join(dir, name), '');
  return dir;
}

test.each([
  [['cifar-10-batches-bin/'], 'cifar-10-batches-bin is in it; name that folder'],
  [['data_batch_1', 'test_batch', 'batches.meta'], 'this is the Python version'],
  [['cifar-10-batches-py/'], 'cifar-10-batches-py, which is in it, is the Python version'],
  [['data_batch_1.mat'], 'this is the Matlab version'],
  [['train.bin', 'test.bin', 'fine_label_names.txt'], 'this is CIFAR-100'],
  [['cifar-10-binary.tar.gz'], 'cifar-10-binary.tar.gz is in it; unpack it'],
])('a folder with %j is told what it is', async (names, what) => {
  const message = `got none of the train files: ${what}`;
  await expect(readCifar10(folderOf(...names), 'train')).rejects.toThrow(message);
});

test('an archive or another file in place of a folder is told so', async () => {
  const dir = folderOf('cifar-10-binary.tar.gz', 'notes.txt');
  const read = (name: string) => readCifar10(join(dir, name), 'train');
  await expect(read('cifar-10-binary.tar.gz')).rejects.toThrow('got an archive: unpack it');
  await expect(read('notes.txt')).rejects.toThrow('got a file');
});

test('names are read in any case, and links followed', async () => {
  const dir = temporary();
  const elsewhere = join(temporary(), 'records');
  const record = Buffer.alloc(3073, 7);
  writeFileSync(elsewhere, record);
  writeFileSync(join(dir, 'Data_Batch_1.BIN'), Buffer.concat([record, record]));
  symlinkSync(elsewhere, join(dir, 'data_batch_2.bin'));
  const { length, missing } = await readCifar10(dir, 'train');
  expect({ length, missing }).toEqual({
    length: 3,
    missing: ['data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  });
});

test('a folder or a pipe of the name of a file is refused by name', async () => {
  const dir = folderOf('test_batch.bin/');
  const file = join(dir, 'test_batch.bin');
  await expect(readCifar10(dir, 'test')).rejects.toThrow(`${file}: expected a file, got a folder`);
  const other = temporary();
  const pipe = join(other, 'test_batch.bin');
  execFileSync('mkfifo', [pipe]);
  await expect(readCifar10(other, 'test')).rejects.toThrow(
    `${pipe}: expected a file, got a named pipe`,
  );
});
