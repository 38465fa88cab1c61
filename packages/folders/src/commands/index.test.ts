import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { addTo, png, treeOf } from '../fixtures/trees.ts';
import { openFolderIndex } from '../index/open-index.ts';

const program = fileURLToPath(new URL('../../dist/commands/index.js', import.meta.url));
function run(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...flags], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('folders:index prints pairs, the rule and what is left out, and writes the index', async () => {
  const image = await png(8, 8, 3, () => 7);
  const root = treeOf({});
  for (const name of ['1', '2', '3', '4', '5'])
    addTo(root, {
      [`A/${name}.png`]: image,
      [`B/${name}.png`]: name === '5' ? await png(8, 7, 3, () => 7) : image,
      [`label/${name}.png`]: await png(8, 8, 1, (x) => (x < Number(name) ? 255 : 0)),
      [`predict/${name}.png`]: image,
    });
  const out = join(treeOf({}), 'pairs.jsonl');
  const { status, stdout } = run('--root', root, '--out', out);
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toEqual([
    'left out  A/5.png: 8 x 8, but B/5.png 8 x 7; --fit crop takes what both have',
    'left out  B/5.png: its pair is left out, by A/5.png',
    'left out  label/5.png: its pair is left out, by A/5.png',
    'left out  predict: 5 files, as predict/1.png: in no pair by this rule',
    '4 pairs by twin folders (a and b); 4 with a mask of change, shares of change 0.1250 .. 0.5000',
    '4 places; splits: none 4',
    '20 files: 8 images, 4 masks, lists of splits 0, 0 litter, 8 left out',
    out,
  ]);
  expect((await openFolderIndex(out)).pairs).toHaveLength(4);
  expect(readdirSync(join(out, '..'))).toEqual(['pairs.jsonl']);
  const { stdout: json } = run('--root', root, '--json');
  expect(JSON.parse(json)).toMatchObject({ rule: 'twin folders', pairs: 4, files: { all: 20 } });
});

it('no pairs are one line', () => {
  const { status, stderr } = run('--root', treeOf(['a.png']));
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(
    /^folders:index: \S+: expected pairs, got none among 1 images: .*--list$/,
  );
});
