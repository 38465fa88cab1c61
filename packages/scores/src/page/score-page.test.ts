import { Random } from '@noisy-pairs/imaging';
import { expect, test } from 'vitest';
import { scene, setOf, someChanged } from '../fixtures/made-up-set.ts';
import type { PairSet } from '../set/pair-set.ts';
import { hogScorer, nccScorer } from '../set/pair-scorer.ts';
import { scoresCsv } from '../set/scores-csv.ts';
import { scoreSet } from '../set/score-set.ts';
import { scorePage } from './score-page.ts';
import { validate } from './validation.ts';

async function pageOf(set: PairSet) {
  const scored = await scoreSet(set, 0, [hogScorer, nccScorer]);
  const validation = validate(scored, 'hog', Random.from(0));
  const shown = { set, size: 0, scored, scorer: hogScorer, validation };
  const html = await scorePage({ ...shown, alarms: [], review: undefined });
  return { scored, validation, html };
}

test('masks validate a score: AUROC with an interval by place, what filters leave', async () => {
  const { validation, html } = await pageOf(setOf(someChanged(30)));
  const [any] = validation?.aurocs ?? [];
  expect(any).toMatchObject({ cut: 0, byColumn: { hog: { positives: 10, count: 30 } } });
  expect(any?.byColumn['hog']?.value).toBeGreaterThan(0.95);
  expect(validation?.filters.map(({ drop, left }) => [drop, left.count, left.of])).toEqual([
    [0, 10, 30],
    [0.1, 7, 27],
    [0.2, 4, 24],
    [0.3, 1, 21],
    [0.5, 0, 15],
  ]);
  expect(validation?.void).toBe(false);
  expect(html).toContain('no share of noisy pairs may be read from the histogram');
  expect(html).toContain('more than 5.0 %');
  expect(html.match(/<img /g)).toHaveLength(3 * 6 * 3);
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
});

test('without masks nothing is validated, and no share is claimed', async () => {
  const pairs = someChanged(12).map((pair) => ({ ...pair, changedShare: null }));
  const { validation, html, scored } = await pageOf(setOf(pairs));
  expect(validation).toBeUndefined();
  expect(html).toContain('<b>Not validated.</b>');
  expect(html).not.toContain('AUROC against');
  expect(scoresCsv(scored).split('\n')[1]).toMatch(/^pair 0,place 0,0,0,64,64,0\.\d{6},.*,$/);
});

test('clean pairs of the same pixels make the test void, and the page says so', async () => {
  const pairs = Array.from({ length: 12 }, (_, i) => {
    const noisy = i % 2 === 0;
    const first = scene(i, 6);
    return { first, second: noisy ? scene(i + 99) : first, changedShare: noisy ? 1 : 0 };
  });
  const { validation, html } = await pageOf(setOf(pairs));
  expect(validation?.void).toBe(true);
  expect(html).toContain('This test is void');
});

test('names are text, whatever they hold', async () => {
  const set = setOf(someChanged(3), () => 'a,"b"');
  const named = { ...set, name: '<script>', pairs: set.pairs.map((p) => ({ ...p, name: '<b>' })) };
  const { html, scored } = await pageOf(named);
  expect(html).not.toContain('<script>');
  expect(html).not.toMatch(/<p><b>,/);
  expect(scoresCsv(scored)).toContain('<b>,"a,""b""",0,0,64,64,');
});
