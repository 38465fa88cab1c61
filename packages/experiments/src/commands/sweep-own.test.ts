// Recipes of one's own and values of one's own: real processes, real training, in the small.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SweepConfig } from '../config/sweep-config.ts';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';

/** A sweep as a user starts it who stands in a folder. */
const sweepFrom = (folder: string, ...args: string[]) =>
  runProgram('sweep', args, { INIT_CWD: folder });

test("README's recipe works from an empty folder, its paths seen from there", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /<!-- tested: mine\.ts -->\s*```ts\n(.*?)```/s.exec(readme) ?? [];
  const folder = temporary();
  writeFileSync(join(folder, 'mine.ts'), example);
  const { status, stdout, stderr } = sweepFrom(folder, '--recipe', './mine.ts', '--dry-run');
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('mine: 25 runs');
  expect(stderr).toContain(`into ${join(folder, 'results', 'mine')}\n`);
  const { panels, seeds } = JSON.parse(stdout) as SweepConfig;
  expect(seeds).toBe(5);
  expect(panels[0]?.base.pretrain.steps).toBe(2000);
});

test(
  'what --set gives is of the identity and the command of a sweep; its --dry-run is that sweep',
  { timeout },
  () => {
    const folder = temporary();
    const flags = ['--set', 'pretrain.steps=16', '--set', 'imageNoises=[0.25]', '--seeds', '1'];
    const given = sweepFrom(folder, '--recipe', 'smoke', ...flags);
    expect([given.status, given.stderr]).toEqual([0, '']);
    const name = 'smoke-pretrain.steps=16-imageNoises=0.25';
    const out = join(folder, 'results', name);
    expect(given.stdout).toContain(`into ${out}\n`);
    expect(given.stdout).toContain('r_img 0.25, noisy share 1');
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain(
      'experiments:sweep -- --recipe smoke --set pretrain.steps=16 ' +
        "--set 'imageNoises=[0.25]' --seeds 1</pre>",
    );
    expect(report).toContain('given by the user, in place of 24');

    mkdirSync(join(folder, 'recipes'));
    const again = ['--recipe', 'recipes/again.json'];
    const dry = sweepFrom(folder, '--recipe', 'smoke', ...flags, '--dry-run', again[1] ?? '');
    expect([dry.status, dry.stderr]).toEqual([0, '']);
    expect(dry.stdout).toContain('  clean-seed0 (done)\n');
    const dryAgain = sweepFrom(folder, ...again, '--dry-run');
    expect(dryAgain.stdout).toBe(readFileSync(join(folder, 'recipes', 'again.json'), 'utf8'));
    const same = sweepFrom(folder, ...again, '--out', `results/${name}`);
    expect([same.status, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toContain('4 runs were done already');
    expect(same.stdout).not.toContain('started');

    const other = ['--set', 'method.temperature=0.1', ...flags, '--out', `results/${name}`];
    const refused = sweepFrom(folder, '--recipe', 'smoke', ...other);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      `experiments:sweep: ${out}: expected a sweep of the same recipe and data, got another; ` +
        'choose another --out folder\n',
    ]);
  },
);
