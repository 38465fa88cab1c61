// Command lines of the sweep that start no run.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRaster, writePng } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { recipe } from '../recipes/registry.ts';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';

const sweep = (...args: string[]) => runProgram('sweep', args);
/** The beginning of a line of the sweep's errors. */
const line = (...parts: string[]) => new RegExp(`^experiments:sweep: ${parts.join('')}`);

test(
  'wrong input is one clear line each, exit code 1, and nothing is written',
  { timeout },
  async () => {
    const out = join(temporary(), 'out');
    const empty = temporary();
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    const cases: [string[], RegExp][] = [
      [
        ['--recipe', 'nope'],
        line('recipe: expected one of vts-moco, [a-z0-9, -]+, cifar10-smoke, got nope\n$'),
      ],
      [['--recipe', './none.ts'], line('--recipe: expected a file at .*/none\\.ts, got none\n$')],
      [
        ['--set', 'pretrain.step=5'],
        line('--set: expected a known key such as pretrain\\.steps, got pretrain\\.step\n$'),
      ],
      [
        ['--set', 'pretrain.steps=5', '--set', 'seeds=2'],
        line('--set: expected --seeds for the number of seeds\n$'),
      ],
      [
        ['--set', 'precision=bf16', '--precision', 'bf16'],
        line('--precision: expected it or --set precision=bf16, got both\n$'),
      ],
      [['--recpe', 'smoke'], /^error: unknown option '--recpe'/],
      [
        ['--seeds', '0'],
        new RegExp(
          "^error: option '--seeds <n>' argument '0' is invalid\\. " +
            'expected a positive whole number, got 0\\.',
        ),
      ],
      [
        ['--textures', '/no/such'],
        line(
          '--textures: expected a folder with textures of at least 64 px at /no/such, ',
          'got none\n$',
        ),
      ],
      [
        ['--textures', empty],
        line('--textures: expected two classes and a noise in .*, got none\n$'),
      ],
      [
        ['--recipe', 'xbd-smoke'],
        line("--data: expected the folder of xBD's archives with recipe xbd-smoke, got none"),
      ],
      [
        ['--recipe', 'xbd-smoke', '--data', empty],
        line('xBD: expected a folder images in .* or below it'),
      ],
      [['--data', empty], line('--data: expected none with recipe vts-moco, which makes its data')],
      [
        ['--recipe', 'cifar10-smoke'],
        line(
          '--data: expected CIFAR-10 with recipe cifar10-smoke, got none: unpack its binary ',
          'version \\(cifar-10-binary\\.tar\\.gz\\) to .*data/cifar-10-batches-bin, or name the ',
          'folder of data_batch_1\\.bin',
        ),
      ],
      [
        ['--recipe', 'cifar10-smoke', '--data', empty],
        line(
          'CIFAR-10 train: expected data_batch_1\\.bin, .* in .*, ',
          'got none of the train files\n$',
        ),
      ],
      [
        ['--init', '/no/such'],
        line(
          '--init: expected a \\.safetensors file of encoder weights at /no/such, ',
          'got none\n$',
        ),
      ],
      [['--init', file], line('.*file: expected a \\.safetensors header, got 0 bytes')],
      [
        ['--classes', 'a,b'],
        line('--classes and --noise-class: expected --textures with them, got none\n$'),
      ],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = sweep('--out', out, ...args);
      expect(stderr, args.join(' ')).toMatch(message);
      expect(status, args.join(' ')).toBe(1);
    }
    writeFileSync(join(empty, 'a.png'), 'no image');
    for (const name of ['b', 'c'])
      await writePng(join(empty, `${name}.png`), createRaster(16, 16, 1));
    for (const [classes, message] of [
      ['a,b', /a\.png: not a readable image/],
      ['b,c', /texture .*: expected at least 64 x 64 pixels, as the images have, got 16 x 16/],
    ] as const) {
      const noise = classes === 'a,b' ? 'c' : 'a';
      const textures = ['--textures', empty, '--classes', classes, '--noise-class', noise];
      const { status, stderr } = sweep('--out', out, ...textures);
      expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(out)).toBe(false);
    const blocked = sweep('--recipe', 'smoke', '--out', join(file, 'x'));
    expect([blocked.status, blocked.stderr.trim().split('\n').length]).toEqual([1, 1]);
  },
);

test('--dry-run tells the grid, prints the configuration and writes nothing', () => {
  const out = join(temporary(), 'out');
  const { status, stdout, stderr } = sweep('--dry-run', '--out', out);
  expect(status).toBe(0);
  expect(stderr).toMatch(/vts-moco: 27 runs/);
  expect(stderr).toMatch(/ {2}r0\.25-share0\.5-seed2\n/);
  expect(JSON.parse(stdout)).toEqual(recipe('vts-moco'));
  expect(existsSync(out)).toBe(false);
});
