#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  callerPath,
  decimalNumber,
  openCommand,
  openProgressBar,
  Option,
  runCommand,
  wholeNumber,
} from '@noisy-pairs/command-line';
import {
  indexOptionsOf,
  scoreFolder,
  withIndexFlags,
  type FolderIndex,
} from '@noisy-pairs/folders';
import { auditMethods, auditSweep } from '../recipes/audit/audit-sweep.ts';
import { bestRun, encoderFile } from '../recipes/audit/best-encoder.ts';
import { openPairs, openSet } from '../recipes/audit/open-set.ts';
import { timeSweep } from '../recipes/audit/time-run.ts';
import { folderTasks } from '../data/folders/schema.ts';
import { processesThatFit } from '../sweep/executors/local-processes.ts';
import { openExecutor, type OpenExecutor } from '../sweep/executors/open-executor.ts';
import { shellWord } from '../sweep/flag-words.ts';
import { sweepOf } from '../sweep/flags.ts';
import type { CollectedSweep } from '../sweep/collect.ts';
import { planSweep, type SweepPlan } from '../sweep/plan.ts';
import { pairCountLines } from '../sweep/settings/pair-counts.ts';
import { carryOut, marginOf } from './carry-out.ts';
import { cancelRuns, engineFlags } from './engine-flags.ts';

const usual = { size: 64, drop: 0.2, seeds: 3, method: 'moco' };
const example = 'npx nx run experiments:audit -- --data ~/pairs';
const command = withIndexFlags(
  openCommand(
    'experiments:audit',
    'Asks whether to filter your own pairs: pretrains on all, without the highest scores, ' +
      'without as many at random, and on controls, and measures each encoder by your labels.',
    [
      `${example} --task change --out results/audit`,
      `${example} --task segmentation --drop 0.1 --seeds 5 --out results/audit`,
      `${example} --task none --out results/described`,
    ],
    [
      'Kill it when you like and start it again. The answer is "keep", "filter" or "cannot tell";',
      'it is for this method, these pairs and this length of training.',
    ],
  ),
)
  .requiredOption(
    '--data <path>',
    'a folder of pairs, or what folders:index has written',
    callerPath,
  )
  .requiredOption('--out <folder>', 'where to write', callerPath)
  .addOption(
    new Option('--task <name>', 'labels to measure by; none: only describe, without an answer')
      .choices([...folderTasks, 'none'] as const)
      .default('change' as const),
  )
  .option('--size <pixels>', 'edge of the crops', wholeNumber(16, 1024), usual.size)
  .option(
    '--drop <share>',
    'share of pairs that filters drop',
    decimalNumber(0.01, 0.9),
    usual.drop,
  )
  .option('--seeds <n>', 'runs of each arm', wholeNumber(1), usual.seeds)
  .option('--init <file>', 'encoder weights to begin with, .safetensors', callerPath)
  .addOption(
    new Option('--method <name>', 'what pretrains').choices(auditMethods).default(usual.method),
  )
  .option('--robust', 'a robust loss too, on all pairs and on one image twice', false)
  .option(
    '--set <key=value>',
    'another value of the configuration, as pretrain.steps=2000; may be repeated',
    (setting, others: string[] | undefined) => [...(others ?? []), setting],
  )
  .option(
    '--margin <points>',
    'differences of so many points count as none',
    decimalNumber(0.01, 100),
  )
  .option('--processes <n>', 'runs at once (default: as cores and memory allow)', wholeNumber(1))
  .option(...engineFlags.on)
  .option(...engineFlags.slurm)
  .option(...engineFlags.cancel)
  .option('--dry-run', 'say what would be done and how long it takes, from a few timed steps');

await runCommand(command, async (options) => {
  const { data, out, task, size, drop, seeds, init, method, robust, set, margin, ...rest } =
    options;
  const { processes, on, slurm, cancel, dryRun = false, ...flags } = rest;
  const bar = openProgressBar('pairs');
  const scored = (done: number, of: number) => {
    bar.update(done, of, 'scored');
  };
  const index = await openPairs(data, {
    ...indexOptionsOf(flags),
    onProgress: bar.update,
  }).finally(bar.stop);
  console.log(`${index.root}: ${index.pairs.length} pairs by ${index.rule}: ${index.found}`);
  for (const note of index.notes) console.log(note);
  if (task === 'none') {
    await describe(index, size, out);
    return;
  }
  // a dry run leaves nothing behind
  let opened: OpenExecutor | undefined;
  const folder = dryRun ? mkdtempSync(join(tmpdir(), 'noisy-pairs-audit-')) : out;
  try {
    const found = await openSet(index, size, folder, scored).finally(bar.stop);
    const recipe = auditSweep(found, { task, drop, method, robust });
    const sweep = await sweepOf(recipe, { recipe: 'audit', set, seeds, init }, console.log);
    if (init !== undefined) await (await import('../run/init-weights.ts')).checkInit(sweep);
    const plan = planSweep(sweep, folder);
    const where = { on, slurm, cancel, processes, eager: false };
    opened = await openExecutor(where, sweep, folder, console.log);
    const { executor } = opened;
    console.log(`audit: ${plan.runs.length} runs, ${executor.title}; into ${out}`);
    for (const line of await pairCountLines(plan)) console.log(`  ${line}`);
    if (dryRun) {
      const atOnce = processes ?? processesThatFit(sweep);
      const minutes = Math.ceil((await timeSweep(plan, atOnce)) / 60);
      console.log(`about ${minutes} minutes, by ${atOnce} at a time, from timed steps`);
      return;
    }
    if (cancel) {
      await cancelRuns(plan, opened, console.log);
      return;
    }
    await carryOut(plan, executor, commandOf(), marginOf(margin), console.log, (result) =>
      exportBest(plan, result, out),
    );
  } finally {
    await opened?.engine?.close();
    if (dryRun) rmSync(folder, { recursive: true, force: true });
  }

  function commandOf(): string {
    const values = { data, task, size, drop, seeds, init, method, margin };
    const given: readonly (readonly [string, string | number | undefined])[] = [
      ...Object.entries(values),
      ...(set ?? []).map((setting) => ['set', setting] as const),
    ];
    const words = given.flatMap(([name, value]) =>
      value === undefined ? [] : `--${name} ${shellWord(String(value))}`,
    );
    return ['npx nx run experiments:audit --', ...words, ...(robust ? ['--robust'] : [])].join(' ');
  }
});

/** Exports the encoder of the best arm, if any of it has finished. */
async function exportBest(
  plan: SweepPlan,
  { failed, summary }: CollectedSweep,
  out: string,
): Promise<void> {
  const names = new Set(failed.map(({ name }) => name));
  const best = bestRun(plan, summary, (name) => !names.has(name));
  if (!best) return;
  const { exportRun } = await import('../run/encoder-export.ts');
  const to = encoderFile(out);
  await exportRun({ run: best.folder, format: 'safetensors', out: to, force: true });
  console.log(`${to}: the encoder of the best arm, ${best.arm}, seed 0`);
}

/** Scores and a page to mark pairs by hand: without labels there is no answer. */
async function describe(index: FolderIndex, size: number, out: string): Promise<void> {
  const review = Math.min(60, index.pairs.length);
  const options = { size, out, score: 'hog', review, seed: 0 } as const;
  for (const line of await scoreFolder(index, options)) console.log(line);
  console.log(
    'no verdict: without labels nothing tells which encoder is better; mark pairs in ' +
      `${join(out, 'review.html')} to learn how many are noisy`,
  );
}
