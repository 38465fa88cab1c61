#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { readFinishedRun } from '../run/finished-run.ts';
import { fromCaller } from '../from-caller.ts';

interface Flags {
  readonly run: string;
  readonly out?: string;
  readonly points: number;
  readonly neighbours: number;
  readonly seed: number;
  readonly force?: true;
}

const whole = (least: number) => (text: string) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new InvalidArgumentError(`expected a whole number of at least ${least}, got ${text}.`);
  return Number(text);
};

const command = new Command('experiments:embed')
  .description(
    "Draws what a run's encoder finds alike: UMAP of its features of held-out images and of " +
      'places in them, coloured by class and by noise, as one HTML page.',
  )
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', fromCaller)
  .option(
    '--out <file>',
    "the page to write (default: embedding.html in the run's folder)",
    fromCaller,
  )
  .option('--points <n>', 'points a plot, as far as there are', whole(3), 1500)
  .option(
    '--neighbours <n>',
    'nearest neighbours that UMAP goes by: few show what is close by, many the whole',
    whole(2),
    15,
  )
  .option(
    '--seed <n>',
    "of what is drawn: cells and the projection's start; the same seed gives the same page",
    whole(0),
    0,
  )
  .option('--force', 'replace the page if it is there')
  .addHelpText(
    'after',
    `
Example:
  npx nx run experiments:embed -- --run results/vts-moco/runs/clean-seed0`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

async function main({
  run,
  out = join(run, 'embedding.html'),
  force,
  ...settings
}: Flags): Promise<void> {
  const finished = readFinishedRun(run);
  if (settings.points <= settings.neighbours)
    throw new Error(
      `--points: expected more than the ${settings.neighbours} neighbours, got ${settings.points}`,
    );
  const found = statSync(out, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new Error(`${out}: expected a file to write, got a folder`);
  if (found && !force)
    throw new Error(`${out}: expected no such file yet, got one (--force replaces it)`);
  if (!existsSync(dirname(out)))
    throw new Error(`${out}: expected its folder to be there, got none`);

  // TensorFlow reads its number of threads when it is loaded; the run's own gives the run's own
  // features, on any machine.
  process.env['TF_NUM_INTRAOP_THREADS'] = process.env['TF_NUM_INTEROP_THREADS'] = String(
    finished.config.threads,
  );
  const { embedRun } = await import('../embedding/embed-run.ts');
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % | {stage} {value}/{total} | {eta_formatted} left',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
    },
    Presets.shades_classic,
  );
  let current = '';
  const { html, sections } = await embedRun({
    run,
    finished,
    ...settings,
    onProgress(stage, done, of) {
      if (stage !== current) {
        bar.stop();
        bar.start(of, 0, { stage });
        current = stage;
      }
      bar.update(done);
    },
  }).finally(() => {
    bar.stop();
  });
  await writeFileAtomic(out, html);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const section of sections) {
    for (const { title, score } of section.panels)
      console.log(
        `${section.title} | ${title}: ` +
          `${score ? `${percent(score.accuracy)} by neighbours, ${percent(score.chance)} by the most ` + 'frequent' : 'nothing to tell apart'}`,
      );
  }
  console.log(out);
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`experiments:embed: ${(error as Error).message}`);
  process.exitCode = 1;
});
