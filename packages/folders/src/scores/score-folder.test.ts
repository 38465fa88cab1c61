import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng, createRaster, Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';

const program = new URL('../../dist/commands/score.js', import.meta.url).pathname;
const edge = 64;

/** Squares of random greys; a share of the columns shows other ones. */
async function scene(seed: number, side: 'first' | 'second', changed = 0): Promise<Uint8Array> {
  const image = createRaster(edge, edge, 3);
  const draw = (random: Random, from: number) => {
    for (let k = 0; k < 60; k++) {
      const [left, top, size] = [random.int(edge), random.int(edge), 4 + random.int(12)];
      const grey = 20 + random.int(200);
      for (let y = top; y < Math.min(edge, top + size); y++)
        for (let x = Math.max(from, left); x < Math.min(edge, left + size); x++)
          image.data.fill(grey, 3 * (y * edge + x), 3 * (y * edge + x + 1));
    }
  };
  draw(Random.from(seed), 0);
  draw(Random.from(seed).split('change'), edge - changed * edge);
  const random = Random.from(seed).split(side);
  image.data.forEach((value, i) => {
    image.data[i] = Math.max(6, Math.min(249, value + Math.round(5 * random.normal())));
  });
  return encodePng(image);
}

async function mask(changed: number): Promise<Uint8Array> {
  const image = createRaster(edge, edge, 1);
  image.data.forEach((_, i) => {
    image.data[i] = i % edge >= edge - changed * edge ? 255 : 0;
  });
  return encodePng(image);
}

const files: Record<string, Uint8Array> = {};
for (let i = 0; i < 24; i++) {
  const changed = i % 4 === 0 ? 0.5 : 0;
  files[`A/ort ä ${i}.png`] = await scene(i, 'first');
  files[`B/ort ä ${i}.png`] = await scene(i, 'second', changed);
  files[`label/ort ä ${i}.png`] = await mask(changed);
}
const root = mkdtempSync(join(tmpdir(), 'score folder-'));
for (const side of ['A', 'B', 'label']) mkdirSync(join(root, side));
for (const [file, bytes] of Object.entries(files)) writeFileSync(join(root, file), bytes);
const run = (...args: string[]) =>
  execFileSync('node', [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

test('a folder is scored, its marks come back, and another run gives the same bytes', () => {
  const out = join(root, 'scores one');
  const printed = run('--root', root, '--out', out, '--review', '12');
  expect(printed).toMatch(/^24 scored of 24 pairs\n/);
  expect(printed).not.toContain('ALARM');
  expect(printed).toMatch(/AUROC of hog, more than 5 % changed: (1.000|0.9\d\d) \[/);
  const rows = readFileSync(join(out, 'scores.csv'), 'utf8').trim().split('\n');
  expect(rows[0]).toBe(
    'name,place,x,y,width,height,hog,hogP90,ncc,saturated,black,flat,changed_share',
  );
  expect(rows).toHaveLength(25);
  expect(rows.filter((row) => row.endsWith(',0.500000'))).toHaveLength(6);

  const [, state = '{}'] =
    /id="state">(.*?)<\/script>/s.exec(readFileSync(join(out, 'review.html'), 'utf8')) ?? [];
  const review = JSON.parse(state) as { items: { name: string }[] };
  const items = review.items.map((item, i) => ({ ...item, mark: i < 3 ? 'wrong' : 'clean' }));
  const marks = join(root, 'reviewed.json');
  writeFileSync(marks, JSON.stringify({ ...review, items }));
  const again = join(root, 'scores two');
  const told = run('--root', root, '--out', again, '--reviewed', marks);
  expect(told).toContain('noisy by your marks: 25.0 % [8.9, 53.2]'); // scipy, Wilson, 3 of 12
  expect(readFileSync(join(again, 'scores.csv'))).toEqual(readFileSync(join(out, 'scores.csv')));
  expect(readFileSync(join(again, 'scores.html'), 'utf8')).toContain('9 clean, 0 partly, 3 wrong');
});

test('second images rotated by one in a list are an alarm', () => {
  const lines = Array.from(
    { length: 24 },
    (_, i) => `A/ort ä ${i}.png,B/ort ä ${(i + 1) % 24}.png`,
  );
  const list = join(root, 'rotated.csv');
  writeFileSync(list, `first,second\n${lines.join('\n')}\n`);
  const printed = run('--root', root, '--list', list, '--out', join(root, 'rotated'));
  expect(printed).toMatch(/^ALARM partners: second images look shifted by one/m);
  expect(printed).toMatch(/^not validated: no masks of change/m);
});

test.each([
  [[], 'expected --root or --index, got neither'],
  [['--root', root, '--index', 'x.jsonl'], 'expected --root or --index, got both'],
  [['--index', 'x.jsonl', '--bands', '3,2,1'], '--bands: expected with --root, got --index'],
  [['--root', root, '--score', 'ncc', '--size', '16'], '--score ncc: expected crops of 32 px'],
  [['--root', root, '--review', '25'], 'review: expected at most 24 pairs'],
  [['--root', root, '--size', '65'], 'expected crops to score, got none'],
])('%j is refused in one line', (args, message) => {
  mkdirSync(join(root, 'refused'), { recursive: true });
  const { stderr, status } = spawnSync('node', [program, ...args, '--out', join(root, 'refused')], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toContain(message);
});
