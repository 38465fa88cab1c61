import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeJpeg, readImage } from '@noisy-pairs/imaging';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSampleSet } from '../sample/sample-set.ts';
import { readIndex, writeIndex } from './index-file.ts';
import { indexXbd } from './index-xbd.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'xbd-odd-'));
const sample = temporary();
beforeAll(async () => {
  await writeSampleSet({ out: sample, tiles: 4, seed: 1, size: 64, layout: 'png' });
}, 60_000);
/** A copy of the sample: four places of split train. */
const copy = () => {
  const root = temporary();
  cpSync(join(sample, 'train'), join(root, 'train'), { recursive: true });
  return root;
};
const lines = ({ problems }: Awaited<ReturnType<typeof indexXbd>>) =>
  problems.map(({ stem, file, what }) => [stem, file, what].filter(Boolean).join(' | '));

describe('links', () => {
  it('to splits are followed, back to what was looked at they are named', async () => {
    const [elsewhere, root] = [copy(), temporary()];
    symlinkSync(join(elsewhere, 'train'), join(root, 'Test'));
    symlinkSync(join(elsewhere, 'train'), join(root, 'tier3'));
    mkdirSync(join(root, 'more'));
    symlinkSync('..', join(root, 'more', 'loop'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('/', join(root, 'more', 'top'));
    symlinkSync(elsewhere, join(elsewhere, 'train', 'back'));
    symlinkSync('/nowhere/hold', join(root, 'hold'));
    const index = await indexXbd(root);
    expect(index.pairs.map(({ split }) => split)).toEqual(Array(4).fill('test'));
    expect(index.pairs[0]?.pre).toMatch(/^Test\/images\//);
    expect(lines(index).sort()).toEqual([
      `Test/back | not followed: a link back to ${realpathSync(elsewhere)}`,
      'hold | expected a file or folder, got a link that leads nowhere',
      'more/loop | not followed: a link back to the root',
      'more/top | not followed: a link back to /',
      'self | expected a file or folder, got a link that leads nowhere',
      'tier3 | not followed: another way to Test',
    ]);
  });

  it('of images, labels and single files are followed; a linked root is one', async () => {
    const [elsewhere, root] = [copy(), temporary()];
    mkdirSync(join(root, 'train'));
    for (const folder of ['images', 'labels'])
      symlinkSync(join(elsewhere, 'train', folder), join(root, 'train', folder));
    symlinkSync('/nowhere', join(root, 'train', 'targets'));
    const link = join(temporary(), 'link');
    symlinkSync(root, link);
    const index = await indexXbd(link);
    expect(index.pairs.length).toBe(4);
    expect(lines(index)).toEqual([
      'train/targets | expected a file or folder, got a link that leads nowhere',
    ]);
  });
});

it('what is no file is named: dead links, folders, pipes; the others are indexed', async () => {
  const root = copy();
  const [a, b, c] = (await indexXbd(root)).pairs;
  if (!a || !b || !c) throw new Error('expected three pairs');
  const move = (file: string) => {
    renameSync(join(root, file), join(root, 'moved'));
    return join(root, file);
  };
  symlinkSync('/nowhere/x.png', move(a.pre));
  mkdirSync(move(b.post));
  execFileSync('mkfifo', [move(c.postLabel)]);
  const index = await indexXbd(root);
  expect(index.pairs.length).toBe(1);
  expect(lines(index)).toEqual(
    expect.arrayContaining([
      `${a.stem} | ${a.pre} | expected a file, got a link that leads nowhere`,
      `${b.stem} | ${b.post} | expected a file, got a folder`,
      `${c.stem} | ${c.postLabel} | expected a file, got a pipe or device`,
    ]),
  );
});

it('names and extensions of any case are read; a second image is called so', async () => {
  const root = copy();
  const [a, b] = (await indexXbd(root)).pairs;
  if (!a || !b) throw new Error('expected two pairs');
  const renamed = (file: string, change: (name: string) => string) => {
    const name = file.replace(/[^/]*$/, change);
    renameSync(join(root, file), join(root, name));
    return name;
  };
  renamed(a.pre, (name) => name.replace('.png', '.PNG').replace('synthetic', 'Synthetic'));
  renamed(a.post, (name) => name.toUpperCase());
  renamed(a.postLabel, (name) => name.replace('.json', '.JSON'));
  for (const file of [b.pre, b.post, b.postLabel])
    renamed(file, (name) => name.replace('synthetic-', 'made_up_'));
  cpSync(join(root, 'train/images'), join(root, 'train/Images2'), { recursive: true });
  renameSync(join(root, 'train/images'), join(root, 'train/Images'));
  const second = `train/Images/${a.stem}_pre_disaster.tif`;
  writeFileSync(join(root, second), '');
  const index = await indexXbd(root);
  expect(index.pairs.map(({ stem }) => stem).sort()).toEqual(
    [...(await indexXbd(sample)).pairs.map(({ stem }) => stem)]
      .map((stem) => (stem === b.stem ? stem.replace('synthetic-', 'made_up_') : stem))
      .sort(),
  );
  const first = index.pairs.find(({ stem }) => stem === a.stem)?.pre ?? '';
  expect(first).toMatch(/PNG$/);
  expect(lines(index)).toContain(
    `${a.stem} | ${second} | a second image of this name, left out: ${first} is taken`,
  );
  expect(index.unknownFiles).toEqual([]);
});

it('JPEGs are read, whatever their extension; one that is cut off is named', async () => {
  const root = copy();
  const [a, b] = (await indexXbd(root)).pairs;
  if (!a || !b) throw new Error('expected two pairs');
  for (const [file, extension] of [
    [a.pre, '.jpg'],
    [a.post, '.JPEG'],
    [b.post, '.png'],
  ] as const) {
    const jpeg = await encodeJpeg(await readImage(join(root, file)));
    rmSync(join(root, file));
    const bytes = extension === '.png' ? jpeg.subarray(0, 30) : jpeg;
    writeFileSync(join(root, file.replace('.png', extension)), bytes);
  }
  const index = await indexXbd(root, { pixels: true });
  const pair = index.pairs.find(({ stem }) => stem === a.stem);
  expect(pair).toMatchObject({ width: 64, height: 64 });
  expect(pair?.nodataShare).toBeLessThan(1);
  expect(lines(index)).toEqual([
    `${b.stem} | ${b.post} | expected a JPEG, got one whose header is cut off or broken`,
  ]);
});

it('a root that is another folder of xBD is told so', async () => {
  const root = copy();
  await expect(indexXbd(join(root, 'train', 'images'))).rejects.toThrow(
    'got none: this is the images folder; give the one above',
  );
  const flat = temporary();
  for (const folder of ['images', 'labels'])
    cpSync(join(root, 'train', folder), flat, { recursive: true });
  await expect(indexXbd(flat)).rejects.toThrow(
    'got none: files of xBD lie in it side by side; move them to images, labels and targets',
  );
  await expect(indexXbd(join(root, 'none'))).rejects.toThrow(
    `xBD: expected a folder at ${join(root, 'none')}, got none (there is none)`,
  );
  const odd = temporary();
  mkdirSync(join(odd, 'images'));
  writeFileSync(join(odd, 'images', 'b.png'), '');
  writeFileSync(join(odd, 'images', 'a.png'), '');
  await expect(indexXbd(odd)).rejects.toThrow('got none of such a name among 2, as a.png');
});

describe('xbd:index', () => {
  const program = new URL('../../dist/commands/index.js', import.meta.url).pathname;
  const run = (args: readonly string[], uid?: number) =>
    execFileSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
      ...(uid !== undefined && { uid }),
    });

  it('names a folder that must not be read, and indexes the rest', () => {
    const root = copy();
    execFileSync('chmod', ['-R', 'a+rX', root]);
    mkdirSync(join(root, 'lost+found'), { mode: 0o000 });
    mkdirSync(join(root, 'train', 'targets'), { recursive: true });
    execFileSync('chmod', ['000', join(root, 'train', 'targets')]);
    const isRoot = process.getuid?.() === 0;
    const out = run(['--root', root], isRoot ? 65534 : undefined);
    expect(out).toContain(
      'note     lost+found: expected a folder that can be read: no permission to read it\n',
    );
    expect(out).toContain('note     train/targets: expected a folder that can be read: no perm');
    expect(out).toContain('\n4 pairs; 0 places that are none, 2 problems in all');
  });

  it('refuses a root that is not there or is a file', () => {
    const root = temporary();
    writeFileSync(join(root, 'file'), '');
    expect(() => run(['--root', join(root, 'none')])).toThrow(
      `xbd:index: --root: expected a folder, got none at ${join(root, 'none')}`,
    );
    expect(() => run(['--root', join(root, 'file')])).toThrow(
      '--root: expected a folder, got a file',
    );
  });

  it('--targets names a target that is none, and compares the others', () => {
    const root = temporary();
    cpSync(sample, root, { recursive: true });
    const targets = join(root, 'train', 'targets');
    const name = 'synthetic-storm_00000000_post_disaster_target.png';
    writeFileSync(join(targets, name), readFileSync(join(targets, name)).subarray(0, 80));
    const out = run(['--root', root, '--targets']);
    expect(out).toContain(
      `target   train/targets/${name}: not compared: expected a PNG, got one that is cut off\n`,
    );
    expect(out).toMatch(/^7 targets compared, 1 not: 0 of \d+ building pixels differ$/m);
    const json = JSON.parse(run(['--root', root, '--targets', '--json'])) as object;
    expect(json).toMatchObject({ targets: 7, targetsNotCompared: 1, targetPixelsDiffering: 0 });
  });
});

it.each([
  [
    '"pre":"train/',
    '"pre":"../train/',
    'pairs.0.pre: expected a path below the root, got ../train',
  ],
  ['"post":"train/', '"post":"/train/', 'pairs.0.post: expected a path below the root, got /train'],
  ['"id":"0', '"id":"../0', 'pairs.0.id: expected digits'],
])('an index with %s -> %s is refused', async (from, to, message) => {
  const file = join(temporary(), 'index.json');
  await writeIndex(file, await indexXbd(sample));
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  await expect(readIndex(file)).rejects.toThrow(message);
});
