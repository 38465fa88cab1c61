// The sweep as a user has it: real processes, real training, in the small.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { xview2Score } from '@noisy-pairs/evaluation';
import { createRaster, Random, readImage, writePng } from '@noisy-pairs/imaging';
import {
  indexXbd,
  officialSplit,
  openMaskCache,
  readIndex,
  writeIndex,
  writeSampleSet,
} from '@noisy-pairs/xbd';
import { readMetrics } from '@noisy-pairs/training/run-log';
import { expect, test } from 'vitest';
import type { SweepSummary } from '../report/summary.ts';
import type { RunResult } from '../run/run-result.ts';

const program = fileURLToPath(new URL('../../dist/commands/sweep.js', import.meta.url));
const temporary = () => mkdtempSync(join(tmpdir(), 'sweep-'));
const sweep = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: tmpdir() },
  });
const timeout = 400_000; // the two cores may be shared

test(
  'a sweep killed half-way and started again ends with the bytes of one that was not; a third ' +
    'start does nothing',
  { timeout },
  async () => {
    const whole = join(temporary(), 'whole'),
      broken = join(temporary(), 'broken');
    const first = sweep('--recipe', 'smoke', '--out', whole);
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('steps compiled in float32');
    expect(readFileSync(join(whole, 'runs', 'clean-seed0', 'log.txt'), 'utf8')).toMatch(
      /^pretraining: compiled step of \d+ ops in \d+ ms, float32$/m,
    );
    expect(first.stdout).toMatch(/8\/8 runs done/);
    expect(first.stdout).toMatch(/clean pairs +│/);

    const child = spawn(
      process.execPath,
      [program, '--recipe', 'smoke', '--out', broken, '--processes', '1'],
      { stdio: 'ignore' },
    );
    // Until a pretraining run has a checkpoint and is not done.
    const checkpoint = join(broken, 'runs', 'clean-seed0', 'checkpoint.safetensors');
    while (!existsSync(checkpoint)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(existsSync(join(broken, 'results.csv'))).toBe(false);
    const again = sweep('--recipe', 'smoke', '--out', broken);
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/[23] runs were done already/);
    for (const file of ['results.csv', 'summary.json', 'plot.svg'])
      expect(readFileSync(join(broken, file), 'utf8'), file).toBe(
        readFileSync(join(whole, file), 'utf8'),
      );

    const times = () =>
      readdirSync(join(whole, 'runs')).map(
        (name) => statSync(join(whole, 'runs', name, 'result.json')).mtimeMs,
      );
    const before = times();
    const third = sweep('--recipe', 'smoke', '--out', whole);
    expect(third.stdout).toMatch(/8 runs were done already/);
    expect(third.stdout).not.toMatch(/started/);
    expect(times()).toEqual(before);

    const run = readdirSync(join(whole, 'runs', 'clean-seed0'));
    for (const file of [
      'config.json',
      'metrics.jsonl',
      'events.out.tfevents.0.noisy-pairs',
      'result.json',
      'encoder.safetensors',
      'predictions',
    ])
      expect(run).toContain(file);

    // The report is one page that loads nothing, with the numbers of the table.
    const report = readFileSync(join(whole, 'report.html'), 'utf8');
    expect(report).not.toMatch(/(src|href)="(?!data:)/);
    expect(report.match(/<svg/g)?.length).toBe(2);
    const {
      panels: [panel],
      verdicts,
    } = JSON.parse(readFileSync(join(whole, 'summary.json'), 'utf8')) as SweepSummary & {
      verdicts: string[];
    };
    expect(panel?.cells.length).toBe(4);
    for (const { score } of panel?.cells ?? []) expect(report).toContain(score?.mean.toFixed(3));
    expect(report).toContain(verdicts[0]?.slice(0, 60));
    // Pretraining was watched: every second epoch of four steps, and at the end.
    const lines = await readMetrics(join(whole, 'runs', 'clean-seed0', 'metrics.jsonl'));
    expect(
      lines.filter(({ knnAccuracy }) => knnAccuracy !== undefined).map(({ step }) => step),
    ).toEqual([8, 16, 24]);
    expect(lines.at(-1)?.['lossAboveRandom']).toBeCloseTo(
      (lines.at(-1)?.['loss'] ?? NaN) - (Math.log(65) + 1 / (2 * 16 * 0.2 ** 2)),
      6,
    );

    // A sweep may begin with a run's weights: put in place of the random encoder, they are measured
    // as the run was.
    const weights = join(whole, 'runs', 'clean-seed0', 'encoder.safetensors'),
      begun = join(temporary(), 'begun');
    const second = sweep('--recipe', 'smoke', '--seeds', '1', '--init', weights, '--out', begun);
    expect([second.status, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toMatch(/encoder as given +│/);
    const resultOf = (out: string, name: string) =>
      JSON.parse(readFileSync(join(out, 'runs', name, 'result.json'), 'utf8')) as RunResult;
    expect(resultOf(begun, 'random-seed0').segmentation?.meanIou).toBe(
      resultOf(whole, 'clean-seed0').segmentation?.meanIou,
    );
    expect(resultOf(begun, 'clean-seed0').pretraining?.finalLoss).not.toBe(
      resultOf(whole, 'clean-seed0').pretraining?.finalLoss,
    );

    // Another sweep does not go into the folder.
    const other = sweep('--recipe', 'vts-moco', '--out', whole);
    expect([other.status, other.stderr]).toEqual([
      1,
      `experiments:sweep: ${whole}: expected a sweep of the same recipe and data, got another; ` +
        'choose another --out folder\n',
    ]);
    // A run that cannot work is kept, reported, and does not stop the others: here its folder is a
    // file.
    rmSync(join(whole, 'runs', 'clean-seed1', 'result.json'));
    rmSync(join(whole, 'runs', 'clean-seed1', 'encoder.safetensors'));
    // cannot be replaced by a file
    mkdirSync(join(whole, 'runs', 'clean-seed1', 'encoder.safetensors'));
    const failing = sweep('--recipe', 'smoke', '--out', whole);
    expect(failing.status).toBe(1);
    expect(failing.stdout).toMatch(/FAILED +clean-seed1/);
    expect(failing.stderr).toMatch(/1 of 8 runs failed; their logs: .*clean-seed1\/log\.txt/);
  },
);

test('textures from a folder run the same way, here op by op', { timeout }, async () => {
  const dir = temporary();
  for (const [i, name] of ['brick', 'grass', 'gravel'].entries()) {
    const random = Random.from(i);
    await writePng(
      join(dir, `${name}.png`),
      createRaster(
        48,
        48,
        1,
        Uint8Array.from({ length: 48 * 48 }, () => random.int(256)),
      ),
    );
  }
  const out = join(temporary(), 'out');
  const { status, stdout } = sweep(
    '--recipe',
    'smoke',
    '--seeds',
    '1',
    '--textures',
    dir,
    '--eager',
    '--out',
    out,
  );
  expect(status).toBe(0);
  expect(stdout).toContain('textures brick, grass, noise gravel');
  expect(stdout).toContain('steps eager in float32');
  expect(readFileSync(join(out, 'runs', 'clean-seed0', 'log.txt'), 'utf8')).toMatch(
    /^pretraining: steps run eagerly, op by op, in float32$/m,
  );
  expect(readFileSync(join(out, 'results.csv'), 'utf8')).toContain('iou:brick');
});

test(
  'a sweep on xBD, here on made-up places: building segmentation over none, natural and all ' +
    'noisy pairs',
  { timeout },
  async () => {
    const root = join(temporary(), 'xbd'),
      out = join(temporary(), 'out');
    await writeSampleSet({ out: root, tiles: 16, seed: 2, size: 256, layout: 'png' });
    const { status, stdout, stderr } = sweep('--recipe', 'xbd-smoke', '--data', root, '--out', out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const natural =
      Number(/(\d+) % of the classified ones noisy by nature/.exec(stdout)?.[1]) / 100;
    expect(natural).toBeGreaterThan(0);
    expect(stdout).toContain(`damage from 0.01, noisy share ${natural}`);
    expect(stdout).toContain('damage from 0.01, noisy share 1 ');
    expect(stdout).toMatch(/Noisy pairs against clean pairs: no clear difference in 2 of 2/);
    const results = readFileSync(join(out, 'results.csv'), 'utf8');
    for (const metric of [
      'iou:building',
      'f1:building',
      'damage:meanIou',
      'damage:iou:destroyed',
      'xview2',
      'xview2:localisation',
    ])
      expect(results).toContain(`,${metric},`);
    const { damage } = JSON.parse(
      readFileSync(join(out, 'runs', 'clean-seed0', 'result.json'), 'utf8'),
    ) as RunResult;
    expect(damage?.xview2.score).toBeCloseTo(
      0.3 * (damage?.xview2.localisation ?? NaN) + 0.7 * (damage?.xview2.damage ?? NaN),
      12,
    );
    expect(damage?.segmentation.classes.length).toBe(5);
    expect(readdirSync(join(out, 'runs', 'clean-seed0', 'damage', 'predictions')).length).toBe(2);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain('damaged between the images');
    expect(report).toContain('xView2 score');
    // Whole tiles, for the challenge: by the index of others.
    const whole = join(temporary(), 'whole'),
      submission = join(temporary(), 'submission');
    await writeSampleSet({ out: whole, tiles: 3, seed: 4, size: 1024, layout: 'png' });
    const index = join(whole, 'index.json');
    await writeIndex(index, await indexXbd(whole));
    const submitted = spawnSync(
      process.execPath,
      [
        program.replace('sweep.js', 'submit.js'),
        '--run',
        join(out, 'runs', 'clean-seed0'),
        '--index',
        index,
        '--out',
        submission,
        '--split',
        'train',
      ],
      { encoding: 'utf8' },
    );
    expect(submitted.stdout).toMatch(
      /^\d tiles into .*: xView2 score [\d.]+ % \(buildings [\d.]+, damage [\d.]+\)/,
    );
    expect(submitted.status).toBe(0);
    const places = readFileSync(join(submission, 'places.csv'), 'utf8').trim().split('\n').slice(1);
    expect(readdirSync(submission).length).toBe(2 * places.length + 2);
    expect(places[0]).toMatch(/^00000,synthetic-[a-z]+_\d{8}$/);
    const score = xview2Score();
    for (const [i, pair] of officialSplit((await readIndex(index)).pairs, ['train']).entries()) {
      const [localisation, damage] = await Promise.all(
        ['localization', 'damage'].map((what) =>
          readImage(join(submission, `test_${what}_0000${i}_prediction.png`)),
        ),
      );
      expect([damage?.width, damage?.height, damage?.channels]).toEqual([1024, 1024, 1]);
      const masks = openMaskCache();
      const truth = (await masks.damage(join(whole, pair.postLabel), 1024, 1024)).data,
        nodata = (await masks.nodata(join(whole, pair.pre), join(whole, pair.post))).data;
      const known = (data: Uint8Array) =>
        data.filter((_, at) => truth[at] !== 255 && nodata[at] === 0);
      score.add(
        known(localisation?.data as Uint8Array),
        known(damage?.data as Uint8Array),
        known(truth),
        known(truth),
      );
    }
    expect(JSON.parse(readFileSync(join(submission, 'score.json'), 'utf8'))).toEqual(
      score.result(),
    );
    // Read from an index file, it is the same sweep.
    expect(sweep('--recipe', 'xbd-smoke', '--data', root, '--out', out).stdout).toMatch(
      /5 runs were done already/,
    );

    // A file that is cut off after the index was made ends each run with its name.
    const folder = join(root, 'train', 'images'),
      cut = join(folder, readdirSync(folder)[0] as string);
    const broken = join(temporary(), 'broken'),
      cache = temporary();
    truncateSync(cut, statSync(cut).size >> 1);
    const failed = spawnSync(
      process.execPath,
      [program, '--recipe', 'xbd-smoke', '--data', root, '--out', broken],
      { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cache } },
    );
    expect(failed.status).toBe(1);
    expect(failed.stderr.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(new RegExp(`^experiments:sweep: ${cut}: not a readable image`)),
    ]);
    expect(existsSync(broken)).toBe(false);
  },
);

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

test('false pairs of CIFAR-10 beside VTS, on made-up images of ten classes', { timeout }, () => {
  const data = temporary(),
    out = join(temporary(), 'out');
  const random = Random.from(1);
  for (const [name, count] of [
    ['data_batch_1.bin', 100],
    ['test_batch.bin', 50],
  ] as const) {
    writeFileSync(
      join(data, name),
      Buffer.concat(
        Array.from({ length: count }, (_, i) =>
          Buffer.from([
            i % 10,
            ...Array.from({ length: 3072 }, (__, at) => 20 * (i % 10) + random.int(40) * (at % 2)),
          ]),
        ),
      ),
    );
  }
  const { status, stdout, stderr } = sweep(
    '--recipe',
    'cifar10-smoke',
    '--data',
    data,
    '--out',
    out,
  );
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

  writeFileSync(join(data, 'test_batch.bin'), Buffer.alloc(3073 * 50 - 1));
  expect(
    sweep('--recipe', 'cifar10-smoke', '--data', data, '--out', join(temporary(), 'x')).stderr,
  ).toMatch(
    /^experiments:sweep: .*test_batch\.bin: expected whole records of 3073 bytes, got 153649 bytes\n$/,
  );
  writeFileSync(join(data, 'test_batch.bin'), Buffer.alloc(3073 * 50, 11));
  expect(
    sweep('--recipe', 'cifar10-smoke', '--data', data, '--out', join(temporary(), 'x')).stderr,
  ).toMatch(/^experiments:sweep: .*test_batch\.bin: expected labels 0\.\.9, got 11 in record 0\n$/);
});

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
        /^experiments:sweep: recipe: expected one of vts-moco, [a-z0-9, -]+, cifar10-smoke, got nope\n$/,
      ],
      [['--recpe', 'smoke'], /^error: unknown option '--recpe'/],
      [
        ['--seeds', '0'],
        /^error: option '--seeds <n>' argument '0' is invalid\. expected a positive whole number, got 0\./,
      ],
      [
        ['--textures', '/no/such'],
        /^experiments:sweep: --textures: expected a folder with textures of at least 64 px at \/no\/such, got none\n$/,
      ],
      [
        ['--textures', empty],
        /^experiments:sweep: --textures: expected two classes and a noise in .*, got none\n$/,
      ],
      [
        ['--recipe', 'xbd-smoke'],
        /^experiments:sweep: --data: expected the folder of xBD's archives with recipe xbd-smoke, got none/,
      ],
      [
        ['--recipe', 'xbd-smoke', '--data', empty],
        /^experiments:sweep: xBD: expected a folder images in .* or below it/,
      ],
      [
        ['--data', empty],
        /^experiments:sweep: --data: expected none with recipe vts-moco, which makes its data/,
      ],
      [
        ['--recipe', 'cifar10-smoke'],
        /^experiments:sweep: --data: expected CIFAR-10 with recipe cifar10-smoke, got none: unpack its binary version \(cifar-10-binary\.tar\.gz\) to .*data\/cifar-10-batches-bin, or name the folder of data_batch_1\.bin/,
      ],
      [
        ['--recipe', 'cifar10-smoke', '--data', empty],
        /^experiments:sweep: CIFAR-10 train: expected data_batch_1\.bin, .* in .*, got none of the train files\n$/,
      ],
      [
        ['--init', '/no/such'],
        /^experiments:sweep: --init: expected a \.safetensors file of encoder weights at \/no\/such, got none\n$/,
      ],
      [
        ['--init', file],
        /^experiments:sweep: .*file: expected a \.safetensors header, got 0 bytes/,
      ],
      [
        ['--classes', 'a,b'],
        /^experiments:sweep: --classes and --noise-class: expected --textures with them, got none\n$/,
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
      const { status, stderr } = sweep(
        '--out',
        out,
        '--textures',
        empty,
        '--classes',
        classes,
        '--noise-class',
        classes === 'a,b' ? 'c' : 'a',
      );
      expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(out)).toBe(false);
    const blocked = sweep('--recipe', 'smoke', '--out', join(file, 'x'));
    expect([blocked.status, blocked.stderr.trim().split('\n').length]).toEqual([1, 1]);
  },
);

test('--dry-run prints the grid and writes nothing', () => {
  const out = join(temporary(), 'out');
  const { status, stdout } = sweep('--dry-run', '--out', out);
  expect(status).toBe(0);
  expect(stdout).toMatch(/vts-moco: 27 runs/);
  expect(stdout).toMatch(/ {2}r0\.25-share0\.5-seed2\n/);
  expect(existsSync(out)).toBe(false);
});
