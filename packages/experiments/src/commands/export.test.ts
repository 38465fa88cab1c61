// The command as a user has it, on made-up folders of runs.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  tf,
  flattenTree,
  type NamedTensors,
  type Tensor,
  type Tensor4D,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import {
  importEncoder,
  resnet,
  saveWeights,
  type EncoderConfig,
  type NetworkState,
} from '@noisy-pairs/models';
import { expect, test } from 'vitest';
import { exportRun } from '../run/encoder-export.ts';

const program = fileURLToPath(new URL('../../dist/commands/export.js', import.meta.url));
const temporary = () => mkdtempSync(join(tmpdir(), 'export-'));
const run = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });
const timeout = 120_000; // programs start, on cores that may be shared
const small: EncoderConfig = { depth: 10, width: 2, stem: 'half', strides: [2, 2] };
const normalise = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };

function weights(config: EncoderConfig): NetworkState {
  const { params, stats } = resnet(config).init(Random.from(7));
  return {
    params,
    stats: Object.fromEntries(
      Object.entries(stats).map(([name, tensor], i) => [name, tensor.add(0.1 * (i + 1))]),
    ),
  };
}

/** A folder `run` with a config.json of some version, and a file of weights. */
async function madeUp(config: EncoderConfig, file: string, tensors: NamedTensors): Promise<string> {
  const folder = temporary();
  mkdirSync(join(folder, 'run'));
  writeFileSync(
    join(folder, 'run', 'config.json'),
    JSON.stringify({
      recipe: 'of tomorrow',
      method: { name: 'unheard of' },
      encoder: { ...config, dropout: 0 },
      normalise,
      seed: 3,
    }),
  );
  await saveWeights(join(folder, 'run', file), tensors);
  return folder;
}
const pretrained = ({ params, stats }: NetworkState): NamedTensors => ({
  ...flattenTree({ params, stats }),
  'params/fc.0.weight': tf.ones([4, 4]),
});
const values = ({ params, stats }: NetworkState) =>
  Object.entries({ ...params, ...stats }).map(([name, tensor]) => [
    name,
    tensor.shape,
    [...tensor.dataSync()],
  ]);

test(
  'a pretrained encoder as .safetensors, which is not replaced unasked; it says what loads it',
  { timeout },
  async () => {
    const state = weights(small);
    const folder = await madeUp(small, 'encoder.safetensors', pretrained(state));
    const first = run(
      folder,
      '--run',
      'run',
      '--format',
      'safetensors',
      '--out',
      'new/x.safetensors',
    );
    const out = join(folder, 'new', 'x.safetensors');
    expect([first.stderr, first.status]).toEqual(['', 0]);
    const lines = first.stdout.split('\n');
    expect(lines[0]).toBe(
      `${join(folder, 'run', 'encoder.safetensors')}: ResNet-10, width 2, into ${out}, ` +
        `${(readFileSync(out).length / 1024).toFixed(1)} KiB`,
    );
    expect(lines.slice(1)).toEqual([
      'no torchvision model has this shape: depth 10, width 2 instead of 64, stem half instead ' +
        'of imagenet, 2 stages instead of 4',
      'images: RGB / 255, to be normalised by mean 0.4, 0.5, 0.6, deviation 0.2, 0.25, 0.3',
      'Python:',
      '  from safetensors.torch import load_file',
      `  state = load_file("${out}")  # tensors by torchvision's names, kernels [out, in, h, w]`,
      '',
    ]);
    expect(values(await importEncoder(out, resnet(small)))).toEqual(values(state));
    const header = JSON.parse(
      readFileSync(out)
        .subarray(8, 8 + readFileSync(out).readUInt32LE(0))
        .toString(),
    ) as { __metadata__: Record<string, string> };
    expect(JSON.parse(header.__metadata__['encoder'] ?? '')).toEqual(small);
    expect(JSON.parse(header.__metadata__['normalise'] ?? '')).toEqual(normalise);

    writeFileSync(out, 'mine');
    const again = run(folder, '--run', 'run', '--format', 'safetensors', '--out', out);
    expect([again.status, again.stdout, again.stderr]).toEqual([
      1,
      '',
      `experiments:export: ${out}: expected nothing there, got something; --force replaces it\n`,
    ]);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    const forced = run(folder, '--run', 'run', '--format', 'safetensors', '--out', out, '--force');
    expect(forced.status).toBe(0);
    expect(values(await importEncoder(out, resnet(small)))).toEqual(values(state));
    expect(readdirSync(join(folder, 'new'))).toEqual(['x.safetensors']);
  },
);

test(
  "an encoder trained with labels, which lies with the head; of torchvision's shape it tells " +
    'the model',
  { timeout },
  async () => {
    const labelled = ({ params, stats }: NetworkState, channels: number) => ({
      ...flattenTree({ encoder: params, stats }),
      'head/head.weight': tf.ones([channels, 2]),
      'head/head.bias': tf.zeros([2]),
    });
    const state = weights(small);
    const folder = await madeUp(small, 'classification.safetensors', labelled(state, 4));
    const first = run(folder, '--run', 'run', '--format', 'safetensors', '--out', 'x.safetensors');
    expect([first.stderr, first.status]).toEqual(['', 0]);
    expect(values(await importEncoder(join(folder, 'x.safetensors'), resnet(small)))).toEqual(
      values(state),
    );

    const standard: EncoderConfig = {
      depth: 18,
      width: 64,
      stem: 'imagenet',
      strides: [1, 2, 2, 2],
    };
    const large = weights(standard);
    const other = await madeUp(standard, 'segmentation.safetensors', labelled(large, 512));
    const { status, stdout, stderr } = run(
      other,
      '--run',
      'run',
      '--format',
      'safetensors',
      '--out',
      'x.safetensors',
    );
    expect([stderr, status]).toEqual(['', 0]);
    const [written, fits] = stdout.split('\n');
    expect(written).toMatch(
      /run\/segmentation\.safetensors: ResNet-18, width 64, into .*x\.safetensors, 42\.7 MiB$/,
    );
    expect(fits).toBe("loads into torchvision's resnet18, without its fc");
    expect(stdout).toContain(
      'model = torchvision.models.resnet18(); model.fc = torch.nn.Identity()\n',
    );
    const back = await importEncoder(join(other, 'x.safetensors'), resnet(standard));
    expect(
      tf
        .equal(
          back.params['layer4.1.conv2.weight'] as Tensor,
          large.params['layer4.1.conv2.weight'] as Tensor,
        )
        .all()
        .dataSync()[0],
    ).toBe(1);
    rmSync(other, { recursive: true }); // 90 MB
  },
);

test(
  'a SavedModel normalises as the run does; a folder of something else is kept whatever is said',
  { timeout },
  async () => {
    const state = weights(small);
    const folder = await madeUp(small, 'encoder.safetensors', pretrained(state));
    const { status, stdout, stderr } = run(
      folder,
      '--run',
      'run',
      '--format',
      'savedmodel',
      '--out',
      'model',
    );
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain(
      'import tensorflow as tf; encoder = ' +
        `tf.saved_model.load("${join(folder, 'model')}").signatures["serving_default"]`,
    );
    expect(stdout).toContain(
      'images: RGB / 255, normalised in the model by mean 0.4, 0.5, 0.6, deviation 0.2, 0.25, ' +
        '0.3\n',
    );
    const model = await tf.node.loadSavedModel(join(folder, 'model'));
    const images = tf.tensor4d(
      Float32Array.from({ length: 2 * 19 * 24 * 3 }, (_, i) => (i % 256) / 255),
      [2, 19, 24, 3],
    );
    const { features } = model.predict({ images }) as unknown as { features: Tensor };
    const expected = resnet(small).apply(
      state.params,
      state.stats,
      images.sub(tf.tensor1d(normalise.mean)).div<Tensor4D>(tf.tensor1d(normalise.std)),
      false,
    ).y;
    expect(features.shape).toEqual(expected.shape);
    expect(Math.max(...features.sub(expected).abs().dataSync())).toBeLessThan(1e-4);
    model.dispose();

    expect(
      run(folder, '--run', 'run', '--format', 'savedmodel', '--out', 'model', '--force').status,
    ).toBe(0);
    const other = run(folder, '--run', 'run', '--format', 'savedmodel', '--out', 'run', '--force');
    expect([other.status, other.stderr]).toEqual([
      1,
      `experiments:export: ${join(folder, 'run')}: expected a SavedModel or an empty folder to ` +
        'replace, got one with config.json\n',
    ]);
    const own = run(
      folder,
      '--run',
      'run',
      '--format',
      'safetensors',
      '--out',
      'run/encoder.safetensors',
      '--force',
    );
    expect([own.status, own.stderr]).toEqual([
      1,
      `experiments:export: ${join(folder, 'run', 'encoder.safetensors')}: expected another ` +
        `file than the run's own, got that\n`,
    ]);
  },
);

test(
  'what is no finished run, or has other weights than its config.json says, is one line',
  { timeout },
  async () => {
    const folder = await madeUp(small, 'encoder.safetensors', {});
    const config = join(folder, 'run', 'config.json'),
      file = join(folder, 'run', 'encoder.safetensors');
    const out = join(folder, 'x.safetensors');
    const failure = (from = join(folder, 'run')) =>
      exportRun({ run: from, format: 'safetensors', out, force: false }).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    const spawned = run(
      folder,
      '--run',
      'nowhere',
      '--format',
      'safetensors',
      '--out',
      'x.safetensors',
    );
    expect([spawned.status, spawned.stdout, spawned.stderr]).toEqual([
      1,
      '',
      `experiments:export: ${join(folder, 'nowhere')}: expected the folder of a run with its ` +
        'config.json, got none\n',
    ]);
    expect(await failure()).toMatch(
      /^\/.*encoder\.safetensors: missing: 35: conv1\.weight, bn1\.weight, bn1\.bias, \.\.\.$/,
    );
    await saveWeights(file, pretrained(weights({ ...small, width: 3 })));
    const misshapen = await failure();
    expect(misshapen).toMatch(
      /^\/.*encoder\.safetensors: wrong shape: \d+: params\/conv1\.weight /,
    );
    expect(misshapen).toContain('conv1.weight expected [5, 5, 3, 2], got [5, 5, 3, 3], ');
    writeFileSync(file, readFileSync(file).subarray(0, 1000));
    expect(await failure()).toMatch(/^\/.*encoder\.safetensors: expected .* cut off.*$/);
    writeFileSync(config, JSON.stringify({ encoder: { ...small, depth: 101 }, normalise }));
    expect(await failure()).toMatch(/^\/.*config\.json encoder\.depth: .*got 101$/);
    writeFileSync(config, '{');
    expect(await failure()).toMatch(/^\/.*config\.json: expected JSON, got .*$/);
    const bare = temporary();
    writeFileSync(join(bare, 'config.json'), JSON.stringify({ encoder: small, normalise }));
    expect(await failure(bare)).toBe(
      `${bare}: expected a finished run with encoder.safetensors or segmentation.safetensors ` +
        'or classification.safetensors, got none of them',
    );
    expect(existsSync(out)).toBe(false);
  },
);

test('--help tells what there is; an unknown format is refused', { timeout }, () => {
  const help = run('/tmp', '--help');
  expect(help.status).toBe(0);
  for (const flag of ['--run', '--format', '--out', '--force', 'safetensors', 'savedmodel'])
    expect(help.stdout).toContain(flag);
  const unknown = run('/tmp', '--run', 'x', '--format', 'onnx', '--out', 'y');
  expect([unknown.status, unknown.stdout]).toEqual([1, '']);
  expect(unknown.stderr).toContain(
    "option '--format <format>' argument 'onnx' is invalid. Allowed choices are safetensors, " +
      'savedmodel.',
  );
});
