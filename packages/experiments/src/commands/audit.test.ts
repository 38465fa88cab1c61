// An audit of a user's own pairs: real processes, real training, in the small.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, encodePng, Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { runProgram, timeout } from '../fixtures/programs.ts';

const edge = 32;

async function image(seed: string, channels: 1 | 3): Promise<Uint8Array> {
  const raster = createRaster(edge, edge, channels);
  const random = Random.from(seed);
  raster.data.forEach((_, i) => {
    raster.data[i] = channels === 1 ? (i % edge < 8 ? 255 : 0) : 10 + random.int(240);
  });
  return encodePng(raster);
}

/** Pairs of six places with masks of change. */
async function pairs(count = 6): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'audit ü-'));
  for (const side of ['A', 'B', 'label']) {
    mkdirSync(join(root, side));
    for (let i = 0; i < count; i++)
      writeFileSync(
        join(root, side, `ort${i}.png`),
        await image(`${side}${i}`, side === 'label' ? 1 : 3),
      );
  }
  return root;
}

const small = [
  ...['pretrain.steps=3', 'pretrain.holdSteps=1', 'pretrain.warmupSteps=1'],
  ...['head.epochs=1', 'head.learningRates=[0.1]', 'supervised.epochs=1'],
  ...['encoder.width=8', 'views.size=16', 'pretrain.batchSize=8', 'predictions=0'],
].flatMap((setting) => ['--set', setting]);
const audit = (...args: string[]) => runProgram('audit', args);

test(
  'an audit comes to its report, its encoder, and again to the same bytes',
  { timeout },
  async () => {
    const root = await pairs();
    const out = join(root, 'results');
    const run = () =>
      audit(
        '--data',
        root,
        '--task',
        'change',
        '--size',
        '16',
        '--seeds',
        '1',
        '--out',
        out,
        ...small,
      );
    const { stdout, stderr, status } = run();
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('Cannot tell whether to filter. One seed has no test.');
    expect(stdout).toContain('it says nothing on segmentation');
    expect(existsSync(join(out, 'encoder.safetensors'))).toBe(true);
    const files = ['report.html', 'summary.json', 'results.csv', 'scores.json'];
    const before = files.map((file) => readFileSync(join(out, file), 'utf8'));
    expect(before[0]).toContain('IoU of change');
    rmSync(join(out, 'report.html'));
    expect(run().status).toBe(0);
    expect(files.map((file) => readFileSync(join(out, file), 'utf8'))).toEqual(before);
    const other = audit('--data', await pairs(5), '--size', '16', '--out', out, ...small);
    expect(other.stderr).toMatch(/expected the 5 pairs of .* got others \(6\)/);
  },
);

test('without labels there is a description, and no verdict', { timeout }, async () => {
  const root = await pairs();
  const out = join(root, 'described');
  const { stdout } = audit('--data', root, '--task', 'none', '--size', '16', '--out', out);
  expect(stdout).toContain('no verdict');
  expect(existsSync(join(out, 'review.html'))).toBe(true);
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});

test('what cannot be audited is refused in one line', { timeout }, async () => {
  const refused = (root: string, ...args: string[]) => {
    const { stderr, status } = audit('--data', root, '--out', join(root, 'out'), ...args);
    expect(status).toBe(1);
    return stderr.trim().split('\n').at(-1);
  };
  const empty = mkdtempSync(join(tmpdir(), 'audit-'));
  expect(refused(empty)).toContain('expected');
  expect(refused(await pairs(1), '--size', '16')).toContain('two places or more');
  const root = await pairs();
  expect(refused(root, '--size', '64')).toContain('expected crops of 64 px from 6 pairs, got none');
  expect(refused(root, '--size', '16', '--task', 'classes')).toContain('--task classes: expected');
  const list = join(root, 'list.csv');
  writeFileSync(list, 'first,second\nA/ort0.png,B/gone.png\n');
  expect(refused(root, '--list', list)).toContain('B/gone.png');
});
