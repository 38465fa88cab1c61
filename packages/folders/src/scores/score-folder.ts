import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random, writeFileAtomic } from '@noisy-pairs/imaging';
import {
  aurocWords,
  checkSet,
  hogScorer,
  nccScorer,
  parseReview,
  reviewPage,
  reviewResult,
  scorePage,
  scoreSet,
  scoresCsv,
  shareWords,
  validate,
  type PairScorer,
  type ReviewResult,
  type Validation,
} from '@noisy-pairs/scores';
import type { RefusedCrops } from '../crops/read-crops.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import { folderPairSet } from './folder-pair-set.ts';

/** Share of change above which the printed line calls a crop noisy. */
const mainCut = 0.05;

export interface ScoreFolderOptions {
  /** Edge of the crops in pixels; 0: whole images. */
  readonly size: number;
  /** Where scores.csv, scores.html and review.html are written. */
  readonly out: string;
  /** The score that pairs are sorted by. */
  readonly score: PairScorer;
  /** Writes a page of so many crops drawn by chance, to be marked by hand. */
  readonly review?: number | undefined;
  /** Marks that such a page has saved. */
  readonly reviewed?: string | undefined;
  readonly seed: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Scores the pairs of an index and writes scores.csv, scores.html and, if asked, review.html.
 * @returns lines that say what was found, and the files
 * @throws naming what cannot be read or written, or a score that needs larger crops
 */
export async function scoreFolder(
  index: FolderIndex,
  { size, out, score, review, reviewed, seed, onProgress }: ScoreFolderOptions,
): Promise<string[]> {
  const random = Random.from(seed);
  const refused = { nodata: 0, smallPairs: 0 };
  const set = folderPairSet(index, refused);
  const [scorer, ...others] = scorersOf(index, size, score);
  // Before an hour's work: whether the marks can be read and the folder be written.
  const marks = reviewed === undefined ? undefined : await readFile(reviewed, 'utf8');
  const file = marks === undefined ? undefined : parseReview(marks, reviewed ?? '');
  await mkdir(out, { recursive: true });

  const scored = await scoreSet(set, size, [scorer, ...others], (pair) =>
    onProgress?.(pair, set.pairs.length),
  );
  const alarms = await checkSet(set, scored, random.split('alarms'));
  const validation = validate(scored, scorer.name, random.split('validation'));
  const result = file && reviewResult(file, scored, reviewed ?? '', random.split('reviewed'));

  const page = { set, size, scored, scorer, alarms, validation, review: result };
  await writeFileAtomic(join(out, 'scores.csv'), scoresCsv(scored));
  await writeFileAtomic(join(out, 'scores.html'), await scorePage(page));
  const files = ['scores.csv', 'scores.html'];
  if (review !== undefined) {
    const html = await reviewPage(set, size, scored.rows, review, random.split('review'));
    await writeFileAtomic(join(out, 'review.html'), html);
    files.push('review.html');
  }
  return [
    `${scored.rows.length} scored of ${set.pairs.length} pairs${refusedWords(refused)}`,
    ...alarms
      .filter(({ state }) => state !== 'none')
      .map(({ name, state, line }) => `${state === 'alarm' ? 'ALARM' : state} ${name}: ${line}`),
    trustLine(scorer, validation, result),
    ...files.map((name) => join(out, name)),
  ];
}

/** The one asked for first, then the usual others that crops are large enough for. */
function scorersOf(
  { pairs }: FolderIndex,
  size: number,
  first: PairScorer,
): [PairScorer, ...PairScorer[]] {
  const edges = pairs.map(({ width, height }) => Math.min(width, height));
  const edge = size > 0 ? size : edges.reduce((a, b) => Math.min(a, b), Infinity);
  if (edge < first.leastSize)
    throw new Error(
      `--score ${first.name}: expected crops of ${first.leastSize} px or more, got ${edge}`,
    );
  const others = [hogScorer, nccScorer].filter(
    ({ name, leastSize }) => name !== first.name && edge >= leastSize,
  );
  return [first, ...others];
}

function refusedWords({ nodata, smallPairs }: RefusedCrops): string {
  const words = [
    ...(nodata > 0 ? [`${nodata} crops left out that hold nothing`] : []),
    ...(smallPairs > 0 ? [`${smallPairs} pairs left out that are smaller`] : []),
  ];
  return words.length > 0 ? `; ${words.join(', ')}` : '';
}

function trustLine(
  { name }: PairScorer,
  validation: Validation | undefined,
  review: ReviewResult | undefined,
): string {
  if (validation?.void)
    return 'not validated: in every pair without change both images are the same pixels';
  const byMasks = validation?.aurocs.find(({ cut }) => cut === mainCut)?.byColumn[name];
  const byMarks = review?.aurocs[name];
  const words: string[] = [];
  if (byMasks) words.push(`AUROC of ${name}, more than 5 % changed: ${aurocWords(byMasks)}`);
  if (review) words.push(`noisy by your marks: ${shareWords(review.noisy)}`);
  if (byMarks) words.push(`AUROC of ${name} by your marks: ${aurocWords(byMarks)}`);
  return words.join('; ') || 'not validated: no masks of change; --review 60 makes a page to mark';
}
