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
  const init = (name) => ['--init', join(folder, 'moco_names', `${name}.safetensors`)];
  const smoke = ['--recipe', 'smoke', ...out];
  yield {
    name: 'moco_names, prefixed',
    expected: /missing: 20: (\S+, ){3}\.\.\.; unexpected: .*names begin with module\.encoder_q\./,
    got: sweep(...smoke, ...init('one_stage_prefixed')),
  };
  yield {
    name: 'moco_names, v2 head',
    expected: /^(?!.*unexpected)(?!.*fc\.[02]).*wrong shape: 20: /,
    got: sweep(...smoke, ...init('one_stage_v2_head')),
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
  const python = join(scratch, 'python');
  mkdirSync(python);
  writeFileSync(join(python, 'data_batch_1'), '');
  yield { name: 'CIFAR-10, Python', expected: /this is the Python version/, got: cifar(python) };
  const archive = join(scratch, 'cifar-10-binary.tar.gz');
  writeFileSync(archive, '');
  yield { name: 'CIFAR-10, .tar.gz', expected: /unpack it/, got: cifar(archive) };
}
