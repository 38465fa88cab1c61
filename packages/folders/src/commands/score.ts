#!/usr/bin/env node
import { openCommand, Option, runCommand } from '@noisy-pairs/command-line';
import { hogScorer, nccScorer } from '@noisy-pairs/scores';
import { scoreByFlags, scoreHelp, withScoreFlags } from './flags/score-flags.ts';

const { name, description, examples, remarks } = scoreHelp;
const command = withScoreFlags(openCommand(name, description, examples, remarks)).addOption(
  new Option('--score <name>', 'hog: directions of gradients; ncc: correlation')
    .choices(['hog', 'ncc'] as const)
    .default('hog' as const),
);

await runCommand(command, async ({ score, ...flags }) => {
  await scoreByFlags(flags, { hog: hogScorer, ncc: nccScorer }[score]);
});
