import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openPeer } from '../bench/peer.ts';
import { median, rounded } from '../bench/statistics.ts';

const built = (name: string) =>
  fileURLToPath(new URL(`../../dist/commands/${name}.js`, import.meta.url));
const run = (name: string, ...flags: string[]) =>
  promisify(execFile)(process.execPath, [built(name), ...flags]);

it('medians', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(rounded(1.2345, 3)).toBe(1.234);
});

it('engine:bench prints one JSON line', { timeout: 120_000 }, async () => {
  const { stdout } = await run(
    'bench',
    '--size',
    '32',
    '--batch',
    '2',
    '--pairs',
    '3',
    '--steps',
    '1',
    '--json',
  );
  const line = JSON.parse(stdout) as Record<string, unknown>;
  expect(line).toMatchObject({
    method: 'moco',
    size: 32,
    batch: 2,
    precision: 'float32',
    steps: 'compiled',
    pairs: 3,
  });
  for (const name of ['medianMs', 'imagesPerSecond', 'compileMs', 'rssMiB'])
    expect(line[name], name).toBeGreaterThan(0);
  expect(line['ratio']).toBeUndefined(); // nothing was beside it
});

it('engine:profile says how much of a step is convolutions', { timeout: 120_000 }, async () => {
  const { stdout } = await run('profile', '--size', '32', '--batch', '4', '--top', '60', '--json');
  const { ops } = JSON.parse(stdout) as {
    ops: { name: string; ms: number; share: number; count: number }[];
  };
  const filters = ops.find(({ name }) => name.includes('Conv2DBackpropFilter'));
  expect(filters?.count).toBe(20); // the convolutions of a ResNet-18
  expect(filters?.ms).toBeGreaterThan(0);
  expect(ops.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 1);
});

it('a peer that cannot be started, or that ends, is one clear line', async () => {
  expect(existsSync(fileURLToPath(new URL('../../bench/moco_step.py', import.meta.url)))).toBe(
    true,
  );
  const step = { batch: 2, size: 32, precision: 'float32' };
  const none = openPeer('no-such-python', step, 'eager');
  await expect(none.time(1)).rejects.toThrow(
    '--peer: expected a Python with torch and torchvision, got: spawn no-such-python ENOENT',
  );
  // node makes nothing of a Python script
  const other = openPeer(process.execPath, step, 'eager');
  await expect(other.time(1)).rejects.toThrow(
    /^--peer .*: expected it to time its steps, got exit code 1: /,
  );
});
