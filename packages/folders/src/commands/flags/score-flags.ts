import {
  callerPath,
  openProgressBar,
  wholeNumber,
  type openCommand,
} from '@noisy-pairs/command-line';
import type { PairScorer } from '@noisy-pairs/scores';
import { indexFolder } from '../../index/index-folder.ts';
import { openFolderIndex } from '../../index/open-index.ts';
import { scoreFolder } from '../../scores/score-folder.ts';
import { indexOptionsOf, withIndexFlags, type IndexFlags } from './index-flags.ts';

/** Adds the flags of scoring a folder, all but which score. */
export function withScoreFlags(command: ReturnType<typeof openCommand>) {
  return withIndexFlags(command)
    .option('--root <folder>', 'where the images are', callerPath)
    .option('--index <file>', 'what folders:index has written, in place of --root', callerPath)
    .requiredOption('--out <folder>', 'where to write', callerPath)
    .option('--size <pixels>', 'edge of the crops; 0: whole images', wholeNumber(0, 4096), 64)
    .option(
      '--review <n>',
      'also a page of n crops by chance to mark by hand',
      wholeNumber(1, 1000),
    )
    .option('--reviewed <file>', 'marks that the page has saved', callerPath)
    .option('--seed <n>', 'of what is drawn by chance', wholeNumber(0), 0);
}

/** The flags of withScoreFlags as they are given. */
export interface ScoreFlags extends IndexFlags {
  readonly root?: string;
  readonly index?: string;
  readonly out: string;
  readonly size: number;
  readonly review?: number;
  readonly reviewed?: string;
  readonly seed: number;
}

/**
 * Scores what the flags name, and prints what was found.
 * @param score pairs are sorted by it
 * @throws one line on flags that do not go together, or as scoreFolder
 */
export async function scoreByFlags(flags: ScoreFlags, score: PairScorer): Promise<void> {
  const { root, index: file, out, size, review, reviewed, seed, ...others } = flags;
  const bar = openProgressBar('pairs');
  try {
    const index = await openIndex();
    const onProgress = (done: number, of: number) => {
      bar.update(done, of, 'scored');
    };
    const asked = { size, out, score, review, reviewed, seed, onProgress };
    const lines = await scoreFolder(index, asked);
    bar.stop();
    for (const line of lines) console.log(line);
  } finally {
    bar.stop();
  }

  /** @throws if not exactly one of --root and --index is given */
  async function openIndex() {
    if ((root === undefined) === (file === undefined))
      throw new Error(`expected --root or --index, got ${root === undefined ? 'neither' : 'both'}`);
    if (file === undefined)
      return await indexFolder(root ?? '', { ...indexOptionsOf(others), onProgress: bar.update });
    const [given] = Object.keys(others);
    if (given !== undefined)
      throw new Error(`--${given}: expected with --root, got --index, which says all of that`);
    return await openFolderIndex(file);
  }
}

const example = 'npx nx run folders:score --';

/** What the help of a command with these flags says. */
export const scoreHelp = {
  name: 'folders:score',
  description:
    'Scores how much the images of each pair seem to differ, checks the set as a whole, and says ' +
    'how far the scores can be trusted on it. A score sorts pairs; it does not say how many ' +
    'are noisy.',
  examples: [
    `${example} --root ~/pairs --out scores`,
    `${example} --index pairs.jsonl --review 60 --out scores`,
    `${example} --index pairs.jsonl --reviewed reviewed.json --out scores`,
  ],
  remarks: ['Writes scores.csv, scores.html and, with --review, review.html.'],
} as const;
