// What the commands say of textures, weights and folders that are not what was meant.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { told } from './told.mjs';

const sweep = (...flags) => told('experiments/dist/commands/sweep', [...flags, '--dry-run']);

export async function* commandCases(folder, scratch) {
  const out = ['--out', join(scratch, 'sweep')];
  yield {
    name: 'textures, experiments:sweep',
    expected: /3 left out of the textures: \.ipynb_checkpoints, brick\/\._a\.png, dangling.*gravel/,
    got: sweep('--textures', join(folder, 'textures'), ...out),
  };
  const vts = ['--textures', join(folder, 'textures'), '--out', join(scratch, 'vts')];
  yield {
    name: 'textures, vts:generate',
    expected: /3 left out of the textures: \.ipynb_checkpoints, brick\/\._a\.png, dangling/,
    got: told('vts/dist/commands/generate', [
      ...vts,
      '--classes',
      'brick,grass',
      '--noise-class',
      'gravel',
      '--count',
      '2',
      '--size',
      '32',
    ]),
  };
  yield* wrongFolders(folder, scratch, out);
}

async function* wrongFolders(folder, scratch, out) {
  const index = (path) =>
    told('xbd/dist/commands/index', ['--root', path, '--out', join(scratch, 'i.json')]);
  yield {
    name: 'root is missing',
    expected: /^xbd:index: --root: expected a folder, got none at /,
    got: index(join(scratch, 'nowhere')),
  };
  const images = join(folder, 'wkt/train/images');
  yield {
    name: 'root is the images folder',
    expected: /this is the images folder; give the one above/,
    got: index(images),
  };
  const cifar = (path) => sweep('--recipe', 'cifar10-smoke', '--data', path, ...out);
  const above = join(scratch, 'above');
  mkdirSync(join(above, 'cifar-10-batches-bin'), { recursive: true });
  writeFileSync(join(above, 'cifar-10-batches-bin/data_batch_1.bin'), '');
  yield {
    name: 'CIFAR-10, the folder above',
    expected: /cifar-10-batches-bin is in it/,
    got: cifar(above),
  };
  const folders = {
    Python: [['data_batch_1', 'batches.meta'], /this is the Python version/],
    Matlab: [['data_batch_1.mat'], /this is the Matlab version/],
    'CIFAR-100': [['train.bin', 'test.bin', 'fine_label_names.txt'], /this is CIFAR-100/],
    'an archive in it': [['cifar-10-binary.tgz'], /cifar-10-binary\.tgz is in it; unpack it/],
    nothing: [[], /got none of the train files/],
    '.BIN': [['DATA_BATCH_1.BIN', 'TEST_BATCH.BIN'], /^(?!.*EISDIR)(?!.*got none).*data_batch_2/i],
    'folders of the names': [
      ['data_batch_1.bin/', 'test_batch.bin/'],
      /data_batch_1\.bin: expected a file, got a folder/,
    ],
  };
  for (const [name, [files, expected]] of Object.entries(folders)) {
    const path = join(scratch, `cifar ${name}`);
    mkdirSync(path);
    for (const file of files)
      if (file.endsWith('/')) mkdirSync(join(path, file));
      else writeFileSync(join(path, file), /\.BIN$/.test(file) ? records(60) : '');
    yield { name: `CIFAR-10, ${name}`, expected, got: cifar(path) };
  }
  for (const name of ['cifar-10-binary.tar.gz', 'cifar.zip', 'cifar.tar']) {
    const archive = join(scratch, name);
    writeFileSync(archive, '');
    yield { name: `CIFAR-10, ${name}`, expected: /an archive: unpack it/, got: cifar(archive) };
  }
}

/** Records of one class after another. */
const records = (count) =>
  Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.alloc(3073, i % 10)));
