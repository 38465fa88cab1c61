#!/usr/bin/env node
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { fromCaller } from '../from-caller.ts';
import { submitRun } from '../xview2/submission.ts';

interface Flags {
  readonly run: string;
  readonly out: string;
  readonly split: string;
  readonly index?: string;
}

const command = new Command('experiments:submit')
  .description(
    'Predicts damage over whole tiles by what a run on xBD has learned, and writes the masks ' +
      'as the xView2 challenge takes them, with the score by the labels.',
  )
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', fromCaller)
  .requiredOption('--out <folder>', 'where to write', fromCaller)
  .option('--split <name>', 'official split whose tiles are predicted', 'test')
  .option('--index <file>', "an index of xBD, if not the run's own", fromCaller)
  .addHelpText(
    'after',
    `
Example:
  npx nx run experiments:submit -- --run results/xbd-moco-xbd/runs/clean-seed0 --out submission`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

async function main(flags: Flags): Promise<void> {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % | {value}/{total} tiles | {eta_formatted} left',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
    },
    Presets.shades_classic,
  );
  const { tiles, score } = await submitRun({
    ...flags,
    onProgress(done, of) {
      if (!bar.isActive) bar.start(of, 0);
      bar.update(done);
    },
  }).finally(() => {
    bar.stop();
  });
  const percent = (value: number) => (100 * value).toFixed(1);
  console.log(
    `${tiles} tiles into ${flags.out}: xView2 score ${percent(score.score)} % (buildings ` +
      `${percent(score.localisation)}, damage ${percent(score.damage)}), un-classified buildings ` +
      'left out',
  );
  if (score.absent.length > 0)
    console.log(
      `no tile has ${score.absent.join(', ')}, which the official score counts as 0; without: ` +
        `${percent(score.scoreOfPresent)} %`,
    );
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`experiments:submit: ${(error as Error).message}`);
  process.exitCode = 1;
});
