#!/usr/bin/env node
import { join } from 'node:path';
import {
  callerPath,
  decimalNumber,
  openCommand,
  Option,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import type { SweepConfig } from '../config/sweep-config.ts';
import { dataKinds, kindOf } from '../data/data-config.ts';
import { isRecipeFile, readRecipe } from '../recipes/recipe-file.ts';
import { recipe, recipes } from '../recipes/registry.ts';
import { findResult } from '../run/result/run-result.ts';
import { collectSweep } from '../sweep/collect.ts';
import type { Executor } from '../sweep/executors/executor.ts';
import { executeOpen, marginOf, printFindings } from './carry-out.ts';
import { cancelRuns, engineFlags } from './engine-flags.ts';
import { commandLine, resultsName } from '../sweep/flag-words.ts';
import { sweepOf } from '../sweep/flags.ts';
import { openExecutor } from '../sweep/executors/open-executor.ts';
import { pairCountLines } from '../sweep/settings/pair-counts.ts';
import { planSweep, type SweepPlan } from '../sweep/plan.ts';
import { prepareSweep } from '../sweep/prepare.ts';

const command = openCommand(
  'experiments:sweep',
  'Pretrains over a grid of noise levels, noisy shares and seeds, measures each frozen encoder ' +
    'by segmentation or classification, and reports the trend.',
  [
    '',
    '--seeds 5 --out results/five',
    '--recipe vts-dense',
    ...dataKinds.flatMap(({ help }) => help.example ?? []),
  ].map((flags) => `npx nx run experiments:sweep${flags && ` -- ${flags}`}`),
  [
    'Kill it when you like and start it again: finished runs are kept, the others go on from',
    'their checkpoints.',
  ],
)
  .option(
    '--recipe <name>',
    `what to run: ${Object.keys(recipes).join(', ')}; or a file of your own: .ts or .js that ` +
      'exports a configuration or a function that gives one, or .json as --dry-run prints it',
    (text) => (isRecipeFile(text) ? callerPath(text) : text),
    'vts-moco',
  )
  .option(
    '--set <key=value>',
    "another value than the recipe's, in every panel, by its place in the configuration: " +
      'pretrain.steps=2000, imageNoises=[0.5]; may be repeated',
    (setting, others: string[] | undefined) => [...(others ?? []), setting],
  )
  .option(
    '--out <folder>',
    'where to write (default: results/RECIPE; results/RECIPE-NAME with --textures, --data or ' +
      '--init, after it -bf16 with --precision bf16 and -KEY=VALUE with --set); a folder with ' +
      'part of the same sweep is gone on with',
    callerPath,
  )
  .option('--seeds <n>', "runs per setting (default: the recipe's)", wholeNumber(1))
  .option(
    '--data <path>',
    `recipes on ${dataKinds.flatMap(({ help }) => help.data ?? []).join('; on ')}`,
    callerPath,
  )
  .option(
    '--textures <folder>',
    'texture images CLASS/*.png|jpg or CLASS.png|jpg, instead of the built-in families',
    callerPath,
  )
  .option(
    '--classes <a,b>',
    'classes to use from the texture folder (default: the others, but the noise)',
    (text) => text.split(','),
  )
  .option(
    '--noise-class <c>',
    'the noise in the texture folder (default: gravel or noise if there is one, else the last ' +
      'by name)',
  )
  .option(
    '--init <file>',
    "a .safetensors file of encoder weights to begin with, in torchvision's layout or a run's own",
    callerPath,
  )
  .option(
    '--reuse <folder>',
    'another sweep, whose finished runs of the same configuration and data are copied, not done ' +
      'again; may be repeated',
    (folder, others: string[] | undefined) => [...(others ?? []), callerPath(folder)],
  )
  .option('--processes <n>', 'runs at once (default: as cores and memory allow)', wholeNumber(1))
  .option(...engineFlags.on)
  .option(...engineFlags.slurm)
  .option(...engineFlags.cancel)
  .option('--detach', 'with --on: hand the runs over and leave; the same command watches them')
  .addOption(
    new Option(
      '--precision <kind>',
      'float32, or bf16: the networks in bfloat16, faster where the processor has AMX or ' +
        "AVX512-BF16 (default: the recipe's)",
    ).choices(['float32', 'bf16'] as const),
  )
  .option(
    '--margin <points>',
    'differences of so many points of a hundred count as none in the report; a finished sweep ' +
      'started again with another margin is only reported anew (default: 2)',
    decimalNumber(0.01, 100),
  )
  .option('--eager', 'run steps op by op instead of compiled: slower, to debug a method')
  .option(
    '--dry-run [file]',
    'say what would be done, print the complete configuration as JSON (or write it to the file), ' +
      'which --recipe takes again, and stop',
    callerPath,
  );

await runCommand(command, async ({ out, eager = false, dryRun, margin, ...flags }) => {
  // standard output is the configuration's alone then
  const say = dryRun === true ? console.error : console.log;
  const own = isRecipeFile(flags.recipe) ? await readRecipe(flags.recipe) : recipe(flags.recipe);
  const sweep = await sweepOf(own, flags, say);
  // Weights that do not fit are said here and once. TensorFlow is loaded for them alone.
  if (sweep.panels.some(({ base }) => base.init))
    await (await import('../run/init-weights.ts')).checkInit(sweep);
  const plan = planSweep(sweep, out ?? callerPath(join('results', resultsName(own, flags))));
  const opened = await openExecutor({ ...flags, eager }, sweep, plan.out, say);
  try {
    say(headline(plan, opened.executor, eager));
    for (const line of await pairCountLines(plan)) say(`  ${line}`);
    if (dryRun !== undefined) {
      sayRuns(plan, say);
      await giveConfiguration(sweep, dryRun);
    } else if (flags.cancel) await cancelRuns(plan, opened, say);
    else {
      const collect = () => collectSweep(plan, commandLine(flags, eager, margin), marginOf(margin));
      const prepared = await prepareSweep(plan, say, flags.reuse);
      try {
        await executeOpen(prepared, opened.executor);
        if (!flags.detach) printFindings(await collect());
      } finally {
        await prepared.release();
      }
    }
  } finally {
    await opened.engine?.close();
  }
});

function headline({ sweep, runs, out }: SweepPlan, { title }: Executor, eager: boolean): string {
  const sources = new Set(sweep.panels.map(({ base }) => kindOf(base.data).describe(base.data)));
  const steps = `${eager ? 'eager' : 'compiled'} in ${sweep.panels[0]?.base.precision ?? '?'}`;
  return (
    `${sweep.recipe}: ${runs.length} runs, ${title}, steps ${steps}, ${sweep.cost}; ` +
    `${[...sources].join('; ')}; into ${out}`
  );
}

function sayRuns({ runs }: SweepPlan, say: (line: string) => void): void {
  for (const { name, folder, config } of runs) {
    const { result, damage } = findResult(folder, config);
    const note = damage === undefined ? '' : ` (${damage})`;
    say(`  ${name}${result ? ' (done)' : note}`);
  }
}

/** Prints a sweep as a recipe, or writes it to a file. */
async function giveConfiguration(sweep: SweepConfig, file: string | true): Promise<void> {
  const json = `${JSON.stringify(sweep, null, 2)}\n`;
  if (file === true) process.stdout.write(json);
  else await writeFileAtomic(file, json);
}
