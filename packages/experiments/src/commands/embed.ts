#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  callerPath,
  openCommand,
  openProgressBar,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import type { Section } from '../embedding/page/page.ts';
import { fixTensorFlowThreads } from '@noisy-pairs/engine/threads';
import { readFinishedRun } from '../run/result/finished-run.ts';

const command = openCommand(
  'experiments:embed',
  "Draws what a run's encoder finds alike: UMAP of its features of held-out images and of places " +
    'in them, coloured by class and by noise, as one HTML page.',
  ['npx nx run experiments:embed -- --run results/vts-moco/runs/clean-seed0'],
)
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', callerPath)
  .option(
    '--out <file>',
    "the page to write (default: embedding.html in the run's folder)",
    callerPath,
  )
  .option('--points <n>', 'points a plot, as far as there are', wholeNumber(3), 1500)
  .option(
    '--neighbours <n>',
    'nearest neighbours that UMAP goes by: few show what is close by, many the whole',
    wholeNumber(2),
    15,
  )
  .option(
    '--seed <n>',
    "of what is drawn: cells and the projection's start; the same seed gives the same page",
    wholeNumber(0),
    0,
  )
  .option('--force', 'replace the page if it is there');

await runCommand(
  command,
  async ({ run, out = join(run, 'embedding.html'), force, ...settings }) => {
    const finished = readFinishedRun(run);
    const { points, neighbours } = settings;
    if (points <= neighbours)
      throw new Error(`--points: expected more than the ${neighbours} neighbours, got ${points}`);
    refuseUnwritable(out, force ?? false);

    // The run's own threads give the run's own features, on any machine.
    fixTensorFlowThreads(finished.config.threads);
    const { embedRun } = await import('../embedding/embed-run.ts');
    const bar = openProgressBar('images');
    const { html, sections } = await embedRun({
      run,
      finished,
      ...settings,
      onProgress(stage, done, of) {
        bar.update(done, of, stage);
      },
    }).finally(bar.stop);
    await writeFileAtomic(out, html);
    sections.forEach(printScores);
    console.log(out);
  },
);

function refuseUnwritable(out: string, force: boolean): void {
  const found = statSync(out, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new Error(`${out}: expected a file to write, got a folder`);
  if (found && !force)
    throw new Error(`${out}: expected no such file yet, got one (--force replaces it)`);
  if (!existsSync(dirname(out)))
    throw new Error(`${out}: expected its folder to be there, got none`);
}

function printScores({ title, plots }: Section): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const { title: by, score } of plots) {
    const told = score
      ? `${percent(score.accuracy)} by neighbours, ${percent(score.chance)} by the most frequent`
      : 'nothing to tell apart';
    console.log(`${title} | ${by}: ${told}`);
  }
}
