import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRaster, encodePng } from '@noisy-pairs/imaging';
import { indexFolder } from '@noisy-pairs/folders';
import { openSource, type ClassifiedSource, type LabelledSource } from '@noisy-pairs/pairs';
import { beforeAll, expect, test } from 'vitest';
import { sweepConfig } from '../../config/sweep-config.ts';
import { openRunData } from '../../data/open-data.ts';
import { planSweep } from '../../sweep/plan.ts';
import { pairCountLines } from '../../sweep/settings/pair-counts.ts';
import { auditSweep, type AuditOptions, type AuditSet } from './audit-sweep.ts';
import { openSet } from './open-set.ts';

/** Eight places with masks of change and of both images, and a list with classes. */
let set: AuditSet;
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'audit sweep-'));
  const png = (channels: 1 | 3, seed: number) => {
    const raster = createRaster(32, 32, channels);
    raster.data.forEach((_, i) => {
      raster.data[i] =
        channels === 1 ? (i % 32 < 4 * (seed % 3) ? 255 : 0) : 1 + ((i * seed) % 250);
    });
    return encodePng(raster);
  };
  const rows = ['first,second,change,firstMask,secondMask,class'];
  for (const side of ['A', 'B', 'change', 'label1', 'label2']) mkdirSync(join(root, side));
  for (let i = 0; i < 8; i++) {
    for (const [k, side] of ['A', 'B'].entries())
      writeFileSync(join(root, side, `p${i}.png`), await png(3, 3 + 7 * i + k));
    for (const side of ['change', 'label1', 'label2'])
      writeFileSync(join(root, side, `p${i}.png`), await png(1, i));
    const files = ['A', 'B', 'change', 'label1', 'label2'].map((side) => `${side}/p${i}.png`);
    rows.push([...files, i % 2 === 0 ? 'field' : 'town'].join(','));
  }
  const list = join(root, 'list.csv');
  writeFileSync(list, `${rows.join('\n')}\n`);
  set = await openSet(await indexFolder(root, { list }), 16, join(root, 'out'));
});

const options: AuditOptions = { task: 'change', drop: 0.25, method: 'moco', robust: 'no' };
const armsOf = (more: Partial<AuditOptions>) =>
  auditSweep(set, { ...options, ...more }).panels[0]?.arms?.list.map(
    ({ choice, loss }) => `${choice} ${loss}`,
  );

test.each([
  ['change', 2, ['unchanged', 'changed']],
  ['segmentation', 1, ['background', 'foreground']],
  ['classes', undefined, ['field', 'town']],
] as const)(
  '--task %s: a configuration whose data can be opened',
  async (task, images, classes) => {
    const sweep = sweepConfig.parse(auditSweep(set, { ...options, task }));
    const plan = planSweep(sweep, '/nowhere');
    expect(await pairCountLines(plan)).toHaveLength(6);
    const keep = plan.runs.find(({ name }) => name === 'keep-seed0');
    const { labelled } = await openRunData(keep?.config ?? ({} as never));
    const source = await openSource<LabelledSource | ClassifiedSource>(
      labelled?.train ?? ({} as never),
    );
    expect(source.classes).toEqual(classes);
    expect('images' in source ? source.images : undefined).toBe(images);
  },
);

test('a robust loss has arms where a trial shows that it learns, else a row says why not', () => {
  const robust = ['keep robust', 'twice robust'];
  expect(armsOf({ robust: 'arms' })).toEqual(expect.arrayContaining(robust));
  expect(armsOf({ robust: { learned: true, words: '' } })).toEqual(armsOf({ robust: 'arms' }));
  const stuck = { learned: false, words: 'loss 4.9, at chance 4.9' };
  expect(armsOf({ robust: stuck })).toEqual(armsOf({}));
  expect(auditSweep(set, { ...options, robust: stuck }).assumptions).toContainEqual([
    'robust loss',
    'left out: RINCE did not learn',
    'loss 4.9, at chance 4.9',
  ]);
});

test('what cannot be audited is refused in one line', async () => {
  const { index, scored, files } = set;
  const bare = { ...index, pairs: index.pairs.map((pair) => ({ ...pair, class: null })) };
  expect(() => auditSweep({ ...set, index: bare }, { ...options, task: 'classes' })).toThrow(
    '--task classes: expected labelled crops to train on, got 0 and, held out, 0; --task none',
  );
  const one = scored.crops.filter(({ pair }) => pair === 0);
  expect(() => auditSweep({ ...set, scored: { ...scored, crops: one } }, options)).toThrow(
    'expected pairs of two places or more',
  );
  const fewer = { ...index, pairs: index.pairs.slice(1) };
  await expect(openSet(fewer, 16, dirname(files.index))).rejects.toThrow(
    /expected the 7 pairs of .*, got others \(8\); choose another --out folder/,
  );
  await expect(openSet(index, 64, join(dirname(files.index), 'large'))).rejects.toThrow(
    '--size: expected crops of 64 px from 8 pairs, got none',
  );
});
