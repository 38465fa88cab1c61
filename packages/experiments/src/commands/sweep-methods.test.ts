// Sweeps over methods and remedies: real processes, real training, in the small.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { expect, test } from 'vitest';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';
import type { SweepSummary } from '../report/summary/summary.ts';

const sweep = (...args: string[]) => runProgram('sweep', args);

test(
  'every dense method, and MoCo beside them: a panel each, bounds run once',
  { timeout },
  async () => {
    const out = join(temporary(), 'out');
    const { status, stdout, stderr } = sweep('--recipe', 'dense-smoke', '--out', out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/12\/12 runs done/);
    const { panels, missing } = JSON.parse(
      readFileSync(join(out, 'summary.json'), 'utf8'),
    ) as SweepSummary;
    expect(missing).toEqual([]);
    expect(panels.map(({ method, cells }) => [method, cells.length])).toEqual(
      ['moco', 'densecl', 'pixcontrast', 'pixpro', 'vader'].map((method) => [method, 4]),
    );
    for (const { title, cells } of panels) {
      expect(stdout).toContain(`\n${title}\n`);
      expect(cells.find(({ kind }) => kind === 'random')?.score).toEqual(
        panels[0]?.cells.find(({ kind }) => kind === 'random')?.score,
      );
    }
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    for (const { title } of panels) expect(report).toContain(`<h2>${title}</h2>`);
    expect(report).not.toMatch(/(src|href)="(?!data:)/);
    // The loss of PixPro cannot tell a collapse; what can is logged.
    const lines = await readMetrics(join(out, 'runs', 'pixpro-clean-seed0', 'metrics.jsonl'));
    for (const { featureStd } of lines) expect(featureStd).toBeGreaterThan(0);
    expect(lines.some((line) => 'lossAboveRandom' in line)).toBe(false);
  },
);

test('panels that differ by their length: one plot over the steps', { timeout }, () => {
  const out = join(temporary(), 'out');
  const { status, stderr } = sweep('--recipe', 'length-smoke', '--seeds', '1', '--out', out);
  expect([status, stderr]).toEqual([0, '']);
  const plot = readFileSync(join(out, 'length.svg'), 'utf8');
  for (const steps of ['12', '24']) expect(plot).toContain(`>${steps}</text>`);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Over the length of training');
});

test('keep, filter, exchange, or a robust loss: one sweep compares them', { timeout }, () => {
  const out = join(temporary(), 'out');
  const { status, stdout, stderr } = sweep('--recipe', 'filter-smoke', '--out', out);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  for (const row of [
    'r_img 0.5, noisy share 0.5 ',
    'r_img 0.5, noisy share 0.5, filtered: fewer pairs',
    'r_img 0.5, noisy share 0.5, exchanged for clean ones',
    'r_img 0.5, noisy share 0.5, kept, robust loss',
    'clean pairs, robust loss',
  ])
    expect(stdout).toContain(row);
  const {
    panels: [panel],
  } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as SweepSummary;
  const score = (remedy: string, noisyShare: number) =>
    panel?.cells.find(
      (cell) =>
        cell.kind === 'pretrained' && cell.remedy === remedy && cell.noisyShare === noisyShare,
    )?.score?.mean;
  expect(score('same-size', 0.5)).toBe(score('keep', 0));
  expect(
    new Set([score('keep', 0.5), score('filter', 0.5), score('robust', 0.5), score('keep', 0)])
      .size,
  ).toBe(4);
});
