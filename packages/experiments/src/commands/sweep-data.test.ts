// Sweeps on textures of a folder and on CIFAR-10: real processes, real training, in the small.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRaster, Random, writePng } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';
import type { RunResult } from '../run/result/run-result.ts';

const sweep = (...args: string[]) => runProgram('sweep', args);

test('textures from a folder run the same way, here op by op', { timeout }, async () => {
  const dir = temporary();
  for (const [i, name] of ['brick', 'grass', 'gravel'].entries()) {
    const random = Random.from(i);
    const pixels = Uint8Array.from({ length: 48 * 48 }, () => random.int(256));
    await writePng(join(dir, `${name}.png`), createRaster(48, 48, 1, pixels));
  }
  const out = join(temporary(), 'out');
  const flags = ['--recipe', 'smoke', '--seeds', '1', '--textures', dir, '--eager'];
  const { status, stdout } = sweep(...flags, '--out', out);
  expect(status).toBe(0);
  expect(stdout).toContain('textures brick, grass, noise gravel');
  expect(stdout).toContain('steps eager in float32');
  expect(readFileSync(join(out, 'runs', 'clean-seed0', 'log.txt'), 'utf8')).toMatch(
    /^pretraining: steps run eagerly, op by op, in float32$/m,
  );
  expect(readFileSync(join(out, 'results.csv'), 'utf8')).toContain('iou:brick');

  const file = join(dir, 'textures.json');
  expect(sweep(...flags, '--dry-run', file).status).toBe(0);
  const again = sweep('--recipe', file, '--out', out, '--dry-run');
  expect(again.stdout).toBe(readFileSync(file, 'utf8'));
  expect(again.stderr).toContain('  clean-seed0 (done)\n');
});

test('false pairs of CIFAR-10 beside VTS, on made-up images of ten classes', { timeout }, () => {
  const data = temporary();
  const out = join(temporary(), 'out');
  const random = Random.from(1);
  for (const [name, count] of [
    ['data_batch_1.bin', 100],
    ['test_batch.bin', 50],
  ] as const) {
    const records = Array.from({ length: count }, (_, i) => {
      const pixel = (__: unknown, at: number) => 20 * (i % 10) + random.int(40) * (at % 2);
      return Buffer.from([i % 10, ...Array.from({ length: 3072 }, pixel)]);
    });
    writeFileSync(join(data, name), Buffer.concat(records));
  }
  const flags = ['--recipe', 'cifar10-smoke', '--data', data];
  const { status, stdout, stderr } = sweep(...flags, '--out', out);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('CIFAR-10 train without data_batch_2.bin');
  expect(stdout).toMatch(/mislabelled 1, pairs by label 1 +│ [\d.]+/);
  const results = readFileSync(join(out, 'results.csv'), 'utf8');
  for (const metric of [
    'knnAccuracy',
    'linearAccuracy',
    'linearAccuracy:frog',
    'falsePairs',
    'meanIou',
  ])
    expect(results).toContain(`,${metric},`);
  const { classification, falsePairs } = JSON.parse(
    readFileSync(join(out, 'runs', 'cifar10-m1-share1-seed0', 'result.json'), 'utf8'),
  ) as RunResult;
  expect(classification?.classes.length).toBe(10);
  // of two wrong labels, that are the same, the classes are the same one time in nine
  expect(falsePairs).toBeGreaterThan(0.7);
  const log = readFileSync(join(out, 'runs', 'cifar10-m1-share1-seed0', 'metrics.jsonl'), 'utf8');
  for (const metric of ['knnAccuracy', 'falsePositives', 'falseNegatives', 'featureStd'])
    expect(log).toContain(`"${metric}":`);
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toMatch(/1 mislabelled: \w+ \(false\)/);
  expect(report).toContain('share of mislabelled images');

  const file = join(data, 'cifar10.json');
  expect(sweep(...flags, '--dry-run', file).status).toBe(0);
  const again = sweep('--recipe', file, '--out', out, '--dry-run');
  expect(again.stdout).toBe(readFileSync(file, 'utf8'));
  expect(again.stderr).toContain('  cifar10-clean-seed0 (done)\n');

  const refused = (records: Buffer) => {
    writeFileSync(join(data, 'test_batch.bin'), records);
    return sweep(...flags, '--out', join(temporary(), 'x')).stderr;
  };
  const error = 'experiments:sweep: .*test_batch\\.bin: expected';
  expect(refused(Buffer.alloc(3073 * 50 - 1))).toMatch(
    new RegExp(`^${error} whole records of 3073 bytes, got 153649 bytes\n$`),
  );
  expect(refused(Buffer.alloc(3073 * 50, 11))).toMatch(
    new RegExp(`^${error} labels 0\\.\\.9, got 11 in record 0\n$`),
  );
});
