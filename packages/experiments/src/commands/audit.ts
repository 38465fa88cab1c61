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
import { hogScorer } from '@noisy-pairs/scores';
import { auditMethods, auditSweep, canBeRobust } from '../recipes/audit/audit-sweep.ts';
import { openPairs, openSet } from '../recipes/audit/open-set.ts';
import { folderTasks } from '../data/folders/schema.ts';
import { processesThatFit } from '../sweep/executors/local-processes.ts';
import { openExecutor, type OpenExecutor } from '../sweep/executors/open-executor.ts';
import { flagsAsTyped } from '../sweep/flag-words.ts';
import { sweepOf } from '../sweep/flags.ts';
import { auditRuns, cancelAudit, foresee, type Audit } from './audit-runs.ts';
import { marginOf } from './carry-out.ts';
import { engineFlags } from './engine-flags.ts';

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
  .option(
    '--no-robust',
    'without a robust loss, which otherwise has arms where a trial shows that it learns from one ' +
      'image twice (moco, densecl, vader)',
  )
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
    if (dryRun) console.log('--task none: scores and a page to mark pairs; no run');
    else await describe(index, size, out);
    return;
  }
  // a dry run leaves nothing behind
  let opened: OpenExecutor | undefined;
  const folder = dryRun ? mkdtempSync(join(tmpdir(), 'noisy-pairs-audit-')) : out;
  try {
    const found = await openSet(index, size, folder, scored).finally(bar.stop);
    const sweep: Audit['sweep'] = (asked, say) =>
      sweepOf(
        auditSweep(found, { task, drop, method, robust: asked }),
        { recipe: 'audit', set, seeds, init },
        say,
      );
    const plain = await sweep('no', () => undefined);
    if (init !== undefined) await (await import('../run/init-weights.ts')).checkInit(plain);
    const where = { on, slurm, cancel, processes, eager: false };
    opened = await openExecutor(where, plain, folder, console.log);
    const audit: Audit = { out, opened, sweep, tries: robust && canBeRobust(method) };
    if (dryRun) await foresee(audit, folder, processes ?? processesThatFit(plain));
    else if (cancel) await cancelAudit(audit);
    else await auditRuns(audit, commandOf(), marginOf(margin));
  } finally {
    await opened?.engine?.close();
    if (dryRun) rmSync(folder, { recursive: true, force: true });
  }

  function commandOf(): string {
    const values = { data, task, size, drop, seeds, init, method, margin };
    const words = flagsAsTyped([
      ...Object.entries(values),
      ...(set ?? []).map((setting) => ['set', setting] as const),
    ]);
    return ['npx nx run experiments:audit --', ...words, ...(robust ? [] : ['--no-robust'])].join(
      ' ',
    );
  }
});

/** Scores and a page to mark pairs by hand: without labels there is no answer. */
async function describe(index: FolderIndex, size: number, out: string): Promise<void> {
  const review = Math.min(60, index.pairs.length);
  const options = { size, out, score: hogScorer, review, seed: 0 };
  for (const line of await scoreFolder(index, options)) console.log(line);
  console.log(
    'no verdict: without labels nothing tells which encoder is better; mark pairs in ' +
      `${join(out, 'review.html')} to learn how many are noisy`,
  );
}
