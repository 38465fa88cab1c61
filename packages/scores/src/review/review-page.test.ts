import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setOf, someChanged } from '../fixtures/made-up-set.ts';
import { openBrowser } from '../fixtures/open-browser.ts';
import { hogScorer } from '../set/pair-scorer.ts';
import { scoreSet } from '../set/score-set.ts';
import { parseReview } from './review-file.ts';
import { reviewPage } from './review-page.ts';
import { reviewResult } from './review-result.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser.close());

const set = setOf(someChanged(30));
const scored = await scoreSet(set, 0, [hogScorer]);
const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'review ü.html');
writeFileSync(file, await reviewPage(set, 0, scored.rows, 12, Random.from(3)));

const shownPair = (page: Page) =>
  page.$$eval('.pair', (cards) =>
    cards.flatMap((card, i) => (card.hasAttribute('hidden') ? [] : [i])),
  );

test('pairs are marked by keyboard, kept, saved, and come back as a share', async () => {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`file://${encodeURI(file)}`);

  expect(await shownPair(page)).toEqual([0]);
  expect(await page.textContent('#progress')).toBe('pair 1 of 12; 0 marked');
  const widths = await page.$$eval('.pair img', (images) =>
    images.map((image) => (image as HTMLImageElement).naturalWidth),
  );
  expect(widths).toEqual(new Array(24).fill(64));
  for (const key of ['1', 'c', '2', 'p', '3', 'W']) await page.keyboard.press(key);
  expect(await shownPair(page)).toEqual([6]);
  await page.keyboard.press('ArrowLeft');
  expect(await page.getAttribute('button[data-mark=wrong]', 'aria-pressed')).toBe('true');
  await page.keyboard.press('Backspace');
  expect(await page.textContent('#progress')).toBe('pair 6 of 12; 5 marked');

  await page.reload();
  expect(await page.textContent('#progress')).toBe('pair 6 of 12; 5 marked');
  await page.click('button[data-mark=clean]');
  for (let i = 0; i < 3; i++) await page.keyboard.press('1');
  expect(await page.textContent('#save')).toBe('Save 9 of 12 marks');

  const download = page.waitForEvent('download');
  await page.keyboard.press('s');
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('reviewed.json');
  const review = parseReview(readFileSync(await saved.path(), 'utf8'), 'reviewed.json');
  expect(review.items.map(({ mark }) => mark)).toEqual([
    ...['clean', 'clean', 'partly', 'partly', 'wrong'],
    ...['clean', 'clean', 'clean', 'clean', null, null, null],
  ]);
  const result = reviewResult(review, scored, 'reviewed.json', Random.from(0));
  expect(result).toMatchObject({
    counts: { clean: 6, partly: 2, wrong: 1 },
    unmarked: 3,
    noisy: { count: 3, of: 9 },
    wrong: { count: 1, of: 9 },
  });
  expect(errors).toEqual([]);
  expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  await page.close();
});

test('marks that agree with the truth give the score its AUROC', () => {
  const marked = {
    format: 'noisy-pairs/review',
    version: 1,
    sample: '',
    items: scored.rows.map(({ name, window, changedShare }) => ({
      name,
      ...window,
      mark: changedShare === 0 ? 'clean' : 'partly',
    })),
  };
  const review = parseReview(JSON.stringify(marked), 'r.json');
  const { aurocs, noisy } = reviewResult(review, scored, 'r.json', Random.from(0));
  expect([noisy.count, noisy.of]).toEqual([10, 30]);
  expect(aurocs['hog']?.value).toBeGreaterThan(0.95);
  expect(aurocs['hog']?.interval95?.[0]).toBeGreaterThan(0.8);
});

test('the sample is drawn by the seed, and what is not in the set is refused', async () => {
  const page = await reviewPage(set, 0, scored.rows, 12, Random.from(3));
  expect(page).toBe(readFileSync(file, 'utf8'));
  expect(await reviewPage(set, 0, scored.rows, 12, Random.from(4))).not.toBe(page);
  await expect(reviewPage(set, 0, scored.rows, 31, Random.from(3))).rejects.toThrow(
    'review: expected at most 30 pairs, as many as are scored, got 31',
  );
  const item = { name: 'other', x: 0, y: 0, width: 64, height: 64, mark: 'clean' as const };
  const other = { format: 'noisy-pairs/review' as const, version: 1 as const, sample: '' };
  expect(() => reviewResult({ ...other, items: [item] }, scored, 'r.json', Random.from(0))).toThrow(
    'r.json: expected marks of crops that are scored here, got other at 0, 0 of 64 x 64',
  );
  expect(() => parseReview('{}', 'r.json')).toThrow('r.json: expected marks as the review page');
});
