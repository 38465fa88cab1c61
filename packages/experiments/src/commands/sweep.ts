#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join, parse } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { Command, InvalidArgumentError, Option } from 'commander';
import Table from 'cli-table3';
import { lock } from 'proper-lockfile';
import type { SweepConfig } from '../config/sweep-config.ts';
import { dataKinds, kindOf } from '../data/data-config.ts';
import { fromCaller } from '../from-caller.ts';
import { expandGrid, runsOf, type NamedRun } from '../sweep/grid.ts';
import { runAll } from '../sweep/process-pool.ts';
import { recipe, recipes } from '../recipes/registry.ts';
import { reportHtml } from '../report/report.ts';
import { resultTable } from '../report/table.ts';
import { resultsCsv, summariseSweep, timingsCsv, type FinishedRun } from '../report/summary.ts';
import { readResult } from '../run/run-result.ts';
import { sweepOf, type SweepFlags } from '../sweep/flags.ts';
import { openSweepProgress } from '../sweep/progress.ts';
import { trendPlot } from '../report/trend-plot.ts';
import { verdicts } from '../report/verdict.ts';

interface Flags extends SweepFlags {
  readonly out?: string;
  readonly processes?: number;
  readonly eager?: true;
  readonly dryRun?: true;
}

const whole = (text: string) => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError(`expected a positive whole number, got ${text}.`);
  return Number(text);
};

const command = new Command('experiments:sweep')
  .description(
    'Pretrains over a grid of noise levels, noisy shares and seeds, measures each frozen ' +
      'encoder by segmentation or classification, and reports the trend.',
  )
  .option('--recipe <name>', `what to run: ${Object.keys(recipes).join(', ')}`, 'vts-moco')
  .option(
    '--out <folder>',
    'where to write (default: results/RECIPE; results/RECIPE-NAME with --textures, --data or ' +
      '--init, -bf16 after it with --precision bf16); a folder with part of the same sweep is ' +
      'gone on with',
    fromCaller,
  )
  .option('--seeds <n>', "runs per setting (default: the recipe's)", whole)
  .option(
    '--data <path>',
    `recipes on ${dataKinds.flatMap(({ help }) => help.data ?? []).join('; on ')}`,
    fromCaller,
  )
  .option(
    '--textures <folder>',
    'texture images CLASS/*.png|jpg or CLASS.png|jpg, instead of the built-in families',
    fromCaller,
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
    fromCaller,
  )
  .option('--processes <n>', 'runs at once (default: as cores and memory allow)', whole)
  .addOption(
    new Option(
      '--precision <kind>',
      'float32, or bf16: the networks in bfloat16, faster where the processor has AMX or ' +
        "AVX512-BF16 (default: the recipe's)",
    ).choices(['float32', 'bf16']),
  )
  .option('--eager', 'run steps op by op instead of compiled: slower, to debug a method')
  .option('--dry-run', 'print what would be done and stop')
  .addHelpText(
    'after',
    `
Kill it when you like and start it again: finished runs are kept, the others go on from their checkpoints.

Examples:
  nx run experiments:sweep
  nx run experiments:sweep -- --seeds 5 --out results/five
  nx run experiments:sweep -- --recipe vts-dense
${dataKinds.flatMap(({ help }) => (help.example === undefined ? [] : [`  nx run experiments:sweep -- ${help.example}`])).join('\n')}`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

/** Runs at once: as many as cores and free memory hold. */
function processCount({ panels, runMemoryMiB }: SweepConfig, asked: number | undefined): number {
  if (asked !== undefined) return asked;
  const byCores = Math.floor(
      availableParallelism() / Math.max(...panels.map(({ base }) => base.threads)),
    ),
    byMemory = Math.floor((0.8 * freemem()) / (runMemoryMiB * 2 ** 20));
  if (byMemory < 1)
    throw new Error(
      `memory: expected ${runMemoryMiB} MiB free for a run, got ` +
        `${Math.round(freemem() / 2 ** 20)} MiB (--processes 1 runs all the same)`,
    );
  return Math.max(1, Math.min(byCores, byMemory));
}

/** Makes the folder this sweep's, or finds that it is; more seeds may be added to a sweep. */
async function claimFolder(out: string, { recipe: name, panels }: SweepConfig): Promise<void> {
  const path = join(out, 'sweep.json');
  const wanted = `${JSON.stringify({ format: 'noisy-pairs/sweep', version: 2, recipe: name, panels }, null, 2)}\n`;
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') !== wanted)
      throw new Error(
        `${out}: expected a sweep of the same recipe and data, got another; choose another ` +
          '--out folder',
      );
    return;
  }
  mkdirSync(out, { recursive: true });
  await writeFileAtomic(path, wanted);
}

async function main(flags: Flags): Promise<void> {
  const sweep = await sweepOf(flags, (line) => {
    console.log(line);
  });
  const grids = expandGrid(sweep),
    runs = runsOf(grids),
    { base } = sweep.panels[0] as SweepConfig['panels'][number];
  // Weights that do not fit are said here and once. TensorFlow is loaded for them alone.
  if (base.init) await (await import('../run/check-init.ts')).checkInit(sweep);
  const given = [flags.textures ?? flags.data, flags.init]
    .map((path) => (path === undefined ? '' : `-${parse(path).name}`))
    .join('');
  const precisionName =
    base.precision === recipe(flags.recipe).panels[0]?.base.precision ? '' : `-${base.precision}`;
  const out = flags.out ?? fromCaller(join('results', `${flags.recipe}${given}${precisionName}`));
  const folderOf = (run: NamedRun) => join(out, 'runs', run.name);
  const processes = processCount(sweep, flags.processes);
  const sources = [
    ...new Set(sweep.panels.map(({ base: { data } }) => kindOf(data).describe(data))),
  ];
  console.log(
    `${flags.recipe}: ${runs.length} runs, ${processes} at a time, steps ` +
      `${flags.eager ? 'eager' : 'compiled'} in ${base.precision}, ${sweep.cost}; ` +
      `${sources.join('; ')}; into ${out}`,
  );
  if (flags.dryRun) {
    for (const { name } of runs)
      console.log(
        `  ${name}${existsSync(join(out, 'runs', name, 'result.json')) ? ' (done)' : ''}`,
      );
    return;
  }

  await claimFolder(out, sweep);
  const unlock = await lock(out, {
    stale: 5000,
    update: 2000,
    retries: { retries: 6, factor: 1, minTimeout: 1000 },
  }).catch((error: unknown) => {
    throw new Error(
      `${out}: expected no other sweep at work in it, got one (${(error as Error).message})`,
    );
  });
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const open = runs.filter((run) => !readResult(folderOf(run), run.config));
    if (open.length < runs.length)
      console.log(`${runs.length - open.length} runs were done already`);
    if (open.length > 0) {
      const progress = openSweepProgress(open, process.stdout.isTTY);
      await runAll({
        runs: open,
        folderOf,
        processes,
        signal: stop.signal,
        eager: flags.eager ?? false,
        onStart: (run) => {
          rmSync(join(folderOf(run), 'log.txt'), { force: true });
          progress.start(run);
        },
        onProgress: (run, p) => {
          progress.update(run, p);
        },
        onEnd: (run, error) => {
          progress.end(run, error);
        },
      });
      progress.close();
    }
    if (stop.signal.aborted)
      throw new Error('stopped; the same command goes on from the checkpoints');

    const finished = runs.flatMap((run): FinishedRun[] => {
      const result = readResult(folderOf(run), run.config);
      return result ? [{ ...run, result }] : [];
    });
    const failed = runs.filter(({ name }) => !finished.some((run) => run.name === name));
    if (finished.length === 0)
      throw new Error(
        `expected finished runs, got none: see ${join(folderOf(runs[0] as NamedRun), 'log.txt')}`,
      );
    const summary = summariseSweep(sweep.recipe, grids, finished);
    await writeFileAtomic(join(out, 'results.csv'), resultsCsv(finished));
    await writeFileAtomic(join(out, 'timings.csv'), timingsCsv(finished));
    await writeFileAtomic(
      join(out, 'summary.json'),
      `${JSON.stringify({ ...summary, verdicts: verdicts(summary) }, null, 2)}\n`,
    );
    await writeFileAtomic(join(out, 'plot.svg'), await trendPlot(summary));
    await writeFileAtomic(
      join(out, 'report.html'),
      await reportHtml({ sweep, grids, summary, finished, folderOf, command: commandLine(flags) }),
    );
    for (const panel of summary.panels) {
      const { head, rows } = resultTable(panel);
      const table = new Table({ head, style: { head: [], border: [] } });
      table.push(...rows);
      console.log(`\n${summary.panels.length > 1 ? `${panel.title}\n` : ''}${table.toString()}`);
    }
    console.log(`\n${verdicts(summary).join('\n')}\n\n${join(out, 'report.html')}`);
    if (failed.length > 0) {
      console.error(
        `experiments:sweep: ${failed.length} of ${runs.length} runs failed; their logs: ` +
          `${failed.map((run) => join(folderOf(run), 'log.txt')).join(', ')}`,
      );
      process.exitCode = 1;
    }
  } finally {
    await unlock();
  }
}

function commandLine({
  recipe: name,
  seeds,
  data,
  textures,
  classes,
  noiseClass,
  init,
  precision,
  eager,
}: Flags): string {
  const parts = [
    'npx nx run experiments:sweep --',
    `--recipe ${name}`,
    seeds === undefined ? '' : `--seeds ${seeds}`,
    data === undefined ? '' : `--data ${data}`,
    textures === undefined ? '' : `--textures ${textures}`,
    classes ? `--classes ${classes.join(',')}` : '',
    noiseClass === undefined ? '' : `--noise-class ${noiseClass}`,
    init === undefined ? '' : `--init ${init}`,
    precision === undefined ? '' : `--precision ${precision}`,
    eager ? '--eager' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`experiments:sweep: ${(error as Error).message}`);
  process.exitCode = 1;
});
