// The command as a user has it, on runs made in the small.
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexXbd, writeIndex, writeSampleSet } from '@noisy-pairs/xbd';
import { beforeAll, expect, test } from 'vitest';
import type { RunConfig } from '../config/run-config.ts';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';
import { expandGrid, runsOf } from '../sweep/grid.ts';
import { smoke } from '../recipes/vts/smoke.ts';
import { xbdSmoke } from '../recipes/xbd/smoke.ts';

const embed = (...args: string[]) => runProgram('embed', args);

/** A finished run's folder. */
function finish(name: string, config: RunConfig, env: Record<string, string> = {}): string {
  const folder = join(temporary(), name);
  const file = join(temporary(), 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const { status, stderr } = runProgram('run', ['--config', file, '--out', folder], env);
  expect([status, stderr]).toEqual([0, '']);
  return folder;
}
const vts = (kind: RunConfig['kind']): RunConfig =>
  runsOf(expandGrid(smoke())).findLast(({ config }) => config.kind === kind && config.seed === 0)
    ?.config ?? expect.fail(); // the last pretrained one is noisy

/** How many pictures there are that no other is like. */
const picturesOf = (page: string) =>
  new Set(page.match(/<img src="data:image\/png;base64,[^"]+"/g)).size;

let pretrained = '';
beforeAll(() => {
  pretrained = finish('r0.5-share1-seed0', vts('pretrained'));
}, timeout);

test(
  'a page: four plots of the points asked for, the scores that are printed, pictures, and ' +
    'nothing that is loaded; again, the same bytes',
  { timeout },
  () => {
    const small = ['--run', pretrained, '--points', '60', '--neighbours', '6'];
    const { status, stdout, stderr } = embed(...small);
    expect(status).toBe(0);
    expect(stderr).toMatch(/60\/60 features of images/); // progress
    const file = join(pretrained, 'embedding.html');
    const page = readFileSync(file, 'utf8');
    expect(stdout.trim().split('\n').at(-1)).toBe(file);

    expect(page.match(/<svg/g)?.length).toBe(4);
    expect(page.match(/<circle [^>]*fill="#[0-9a-f]{6}"/g)?.length).toBe(4 * 60);
    expect(picturesOf(page)).toBe(10);
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).not.toMatch(/url\(|@import|<script|<link|https?:|NaN|undefined/);
    for (const text of [
      '<b>r0.5-share1-seed0</b>: recipe smoke, MoCo v2 on r_img 0.5, noisy share 1, seed 0; ' +
        'mean IoU 0.',
      'UMAP keeps neighbourhoods, not distances',
      '6 nearest neighbours, minimum distance 0.1, from a random start, seed 0',
      'one-orientation',
      'noise covers it',
    ])
      expect(page).toContain(text);
    const printed = [
      ...stdout.matchAll(/: ([\d.]+ %) by neighbours, ([\d.]+ %) by the most frequent/g),
    ].map(([, accuracy, chance]) => `<b>${accuracy ?? ''}</b> right, ${chance ?? ''} by chance`);
    expect(printed.length).toBe(4);
    for (const score of printed) expect(page).toContain(score);

    // Another page is replaced only if that is asked for.
    const again = join(temporary(), 'again.html');
    writeFileSync(again, 'mine');
    const kept = embed(...small, '--out', again);
    expect([kept.status, kept.stderr]).toEqual([
      1,
      `experiments:embed: ${again}: expected no such file yet, got one (--force replaces it)\n`,
    ]);
    expect(readFileSync(again, 'utf8')).toBe('mine');
    expect(embed(...small, '--out', again, '--force').status).toBe(0);
    expect(readFileSync(again, 'utf8')).toBe(page);
  },
);

test('the encoder of a run with labels is the one that lies with its head', { timeout }, () => {
  const run = finish('supervised-seed0', vts('supervised'));
  expect(existsSync(join(run, 'encoder.safetensors'))).toBe(false);
  const { status, stderr } = embed('--run', run, '--points', '24', '--neighbours', '4');
  expect(status, stderr).toBe(0);
  const page = readFileSync(join(run, 'embedding.html'), 'utf8');
  expect(page).toContain('recipe smoke, trained with labels, seed 0');
  expect(page).toContain('no noise of its own; r_img 0.5');
});

test(
  'xBD, here made-up places: crops after the disaster by buildings and damage',
  { timeout },
  async () => {
    const root = join(temporary(), 'xbd');
    const index = join(temporary(), 'index.json');
    const env = { XDG_CACHE_HOME: temporary() };
    await writeSampleSet({ out: root, tiles: 16, seed: 2, size: 256, layout: 'png' });
    await writeIndex(index, await indexXbd(root));
    const config =
      runsOf(expandGrid(xbdSmoke())).find(({ config: { kind } }) => kind === 'random')?.config ??
      expect.fail();
    if (config.data.kind !== 'xbd') throw new Error('expected xBD');
    const run = finish('random-seed0', { ...config, data: { ...config.data, index } }, env);
    const small = ['--run', run, '--points', '40', '--neighbours', '4'];
    const { status, stderr, stdout } = runProgram('embed', small, env);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/By class: share of building pixels: [\d.]+ % by neighbours/);
    const page = readFileSync(join(run, 'embedding.html'), 'utf8');
    const [, crops, damaged] =
      /(\d+) held-out crops with buildings.*any of its building pixels is; (\d+) are/.exec(page) ??
      [];
    expect(Number(crops)).toBeGreaterThan(10);
    // As many dots of damage in the plot of images as crops are said to be damaged.
    const [, byDamage = ''] = page.split('<svg').slice(1);
    const colour = /background:(#[0-9a-f]{6})"><\/i>damaged/.exec(page)?.[1] ?? 'none';
    expect(byDamage.split(`fill="${colour}"`).length - 1).toBe(Number(damaged));
    expect(Number(damaged)).toBeGreaterThan(0);
    expect(picturesOf(page)).toBe(10);
    for (const name of ['building', 'background', 'no damage', 'damaged'])
      expect(page).toContain(`</i>${name}</span>`);
  },
);

test('wrong input is one clear line each, exit code 1, and nothing is written', { timeout }, () => {
  const empty = temporary();
  const damaged = temporary();
  for (const name of ['config.json', 'result.json'])
    copyFileSync(join(pretrained, name), join(damaged, name));
  writeFileSync(
    join(damaged, 'encoder.safetensors'),
    readFileSync(join(pretrained, 'encoder.safetensors')).subarray(0, 10_000),
  );
  const out = join(temporary(), 'page.html');
  const cases: [string[], RegExp][] = [
    [[], /^error: required option '--run <folder>' not specified/],
    [
      ['--run', empty],
      /^experiments:embed: .*: expected the folder of a run with its config\.json, got none\n$/,
    ],
    [
      ['--run', damaged],
      new RegExp(
        'experiments:embed: .*encoder\\.safetensors: expected \\d+ bytes, got 10000: ' +
          'the file is cut off\n$',
      ),
    ],
    [
      ['--run', pretrained, '--points', '10'],
      /^experiments:embed: --points: expected more than the 15 neighbours, got 10\n$/,
    ],
    [
      ['--run', pretrained, '--neighbours', '1'],
      new RegExp(
        "^error: option '--neighbours <n>' argument '1' is invalid\\. " +
          'expected a whole number of at least 2, got 1\\.',
      ),
    ],
    [
      ['--run', pretrained, '--out', empty],
      /^experiments:embed: .*: expected a file to write, got a folder\n$/,
    ],
    [
      ['--run', pretrained, '--out', join(empty, 'no', 'page.html')],
      /^experiments:embed: .*page\.html: expected its folder to be there, got none\n$/,
    ],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = embed(...(args.includes('--out') ? args : ['--out', out, ...args]));
    expect(stderr, args.join(' ')).toMatch(message);
    expect(status, args.join(' ')).toBe(1);
  }
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(empty)).toEqual([]);
  expect(readdirSync(damaged).sort()).toEqual([
    'config.json',
    'encoder.safetensors',
    'result.json',
  ]);
});

test('--help has an example', () => {
  const { status, stdout } = embed('--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /Example:\n {2}npx nx run experiments:embed -- --run results\/vts-moco\/runs\/clean-seed0/,
  );
});
