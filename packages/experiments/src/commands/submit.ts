#!/usr/bin/env node
import { callerPath, openCommand, openProgressBar, runCommand } from '@noisy-pairs/command-line';
import { submitRun, type Submission } from '../xview2/submission.ts';

const command = openCommand(
  'experiments:submit',
  'Predicts damage over whole tiles by what a run has learned, and writes the masks as the ' +
    'xView2 challenge takes them, with the score by the labels.',
  ['npx nx run experiments:submit -- --run results/RECIPE/runs/clean-seed0 --out submission'],
)
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', callerPath)
  .requiredOption('--out <folder>', 'where to write', callerPath)
  .option('--split <name>', 'official split whose tiles are predicted', 'test')
  .option('--index <file>', "an index of the data, if not the run's own", callerPath);

await runCommand(command, async (flags) => {
  const bar = openProgressBar('tiles');
  const submission = await submitRun({ ...flags, onProgress: bar.update }).finally(bar.stop);
  console.log(scoreLines(flags.out, submission).join('\n'));
});

function scoreLines(out: string, { tiles, score }: Submission): string[] {
  const percent = (value: number) => (100 * value).toFixed(1);
  const parts = `buildings ${percent(score.localisation)}, damage ${percent(score.damage)}`;
  const lines = [
    `${tiles} tiles into ${out}: xView2 score ${percent(score.score)} % (${parts}), ` +
      'un-classified buildings left out',
  ];
  if (score.absent.length > 0)
    lines.push(
      `no tile has ${score.absent.join(', ')}, which the official score counts as 0; without: ` +
        `${percent(score.scoreOfPresent)} %`,
    );
  return lines;
}
