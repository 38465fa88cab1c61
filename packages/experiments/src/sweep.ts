#!/usr/bin/env node
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { completeOptions, openTextures, textureOptions } from '@noisy-pairs/vts';
import { indexXbd, readIndex, writeIndex } from '@noisy-pairs/xbd';
import { Command, InvalidArgumentError, Option } from 'commander';
import Table from 'cli-table3';
import { lock } from 'proper-lockfile';
import { parseConfig, sweepConfig, type SweepConfig } from './config.ts';
import { chooseTextures } from './folder-textures.ts';
import { expandGrid, type NamedRun } from './grid.ts';
import { trendPlot } from './plot.ts';
import { runAll } from './process-pool.ts';
import { recipe, recipes } from './recipes/registry.ts';
import { naturalShare, xbdCache, xbdCrops } from './run-data.ts';
import { reportHtml, resultColumns, resultRows } from './report.ts';
import { resultsCsv, summariseSweep, timingsCsv, type FinishedRun } from './results.ts';
import { readResult } from './run-result.ts';
import { openSweepProgress } from './sweep-progress.ts';
import { verdict } from './verdict.ts';

interface Flags {
  recipe: string;
  out?: string;
  seeds?: number;
  data?: string;
  textures?: string;
  classes?: string[];
  noiseClass?: string;
  processes?: number;
  precision?: 'float32' | 'bf16';
  eager?: true;
  dryRun?: true;
}

/** Nx starts programs in the workspace root; npm and npx leave the caller's folder in INIT_CWD. */
const fromCaller = (path: string) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
const whole = (text: string) => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError(`expected a positive whole number, got ${text}.`);
  return Number(text);
};

const command = new Command('experiments:sweep')
  .description('Pretrains over a grid of noise levels, noisy shares and seeds, measures each frozen encoder by segmentation, and reports the trend.')
  .option('--recipe <name>', `what to run: ${Object.keys(recipes).join(', ')}`, 'vts-moco')
  .option('--out <folder>', 'where to write (default: results/RECIPE; results/RECIPE-FOLDER with --textures or --data, -bf16 after it with --precision bf16); a folder with part of the same sweep is gone on with', fromCaller)
  .option('--seeds <n>', 'runs per setting (default: the recipe\'s)', whole)
  .option('--data <path>', 'recipes on xBD: the folder of its archives, or an index file of them', fromCaller)
  .option('--textures <folder>', 'texture images CLASS/*.png|jpg or CLASS.png|jpg, instead of the built-in families', fromCaller)
  .option('--classes <a,b>', 'classes to use from the texture folder (default: the others, but the noise)', (text) => text.split(','))
  .option('--noise-class <c>', 'the noise in the texture folder (default: gravel or noise if there is one, else the last by name)')
  .option('--processes <n>', 'runs at once (default: as cores and memory allow)', whole)
  .addOption(new Option('--precision <kind>', 'float32, or bf16: the networks in bfloat16, faster where the processor has AMX or AVX512-BF16 (default: the recipe\'s)').choices(['float32', 'bf16']))
  .option('--eager', 'run steps op by op instead of compiled: slower, to debug a method')
  .option('--dry-run', 'print what would be done and stop')
  .addHelpText('after', `
Kill it when you like and start it again: finished runs are kept, the others go on from their checkpoints.

Examples:
  nx run experiments:sweep
  nx run experiments:sweep -- --seeds 5 --out results/five
  nx run experiments:sweep -- --recipe xbd-moco --data ~/xbd
  nx run experiments:sweep -- --textures textures --classes brick,grass --noise-class gravel`)
  .showHelpAfterError('(--help lists the options)')
  .parse();

/** The recipe, with what the flags change. */
async function sweepOf(flags: Flags): Promise<SweepConfig> {
  const sweep = recipe(flags.recipe);
  const changed = { ...sweep, base: { ...sweep.base, precision: flags.precision ?? sweep.base.precision }, seeds: flags.seeds ?? sweep.seeds };
  const { data } = changed.base;
  if (data.kind === 'xbd') return withXbd(changed, data, flags);
  if (flags.data !== undefined) throw new Error(`--data: expected none with recipe ${flags.recipe}, which makes its data, got ${flags.data}`);
  if (flags.textures === undefined && (flags.classes ?? flags.noiseClass)) throw new Error('--classes and --noise-class: expected --textures with them, got none');
  const textures = flags.textures === undefined ? data.textures : chooseTextures(flags.textures, data.size, flags.classes, flags.noiseClass);
  return parseConfig(sweepConfig, {
    ...changed,
    base: { ...changed.base, data: { ...data, textures: parseConfig(textureOptions, textures, 'textures') } },
    assumptions: textures.kind === 'folder'
      ? sweep.assumptions.map(([field, choice, why]) => (field === 'textures' ? [field, `${textures.classes.join(', ')}; noise ${textures.noiseClass}, from ${textures.dir}`, 'given by the user; one photograph a class gives few instances'] : [field, choice, why]))
      : sweep.assumptions,
  }, 'sweep');
}

/** A sweep on the xBD that was given: indexed if it is not yet, and with the natural share of noisy crops among its noisy shares. */
async function withXbd(sweep: SweepConfig, data: Extract<SweepConfig['base']['data'], { kind: 'xbd' }>, flags: Flags): Promise<SweepConfig> {
  if (flags.data === undefined) throw new Error(`--data: expected the folder of xBD's archives with recipe ${flags.recipe}, got none (npx nx run xbd:sample writes a made-up one to try)`);
  if (flags.textures !== undefined) throw new Error(`--textures: expected none with recipe ${flags.recipe}, got ${flags.textures}`);
  let file = flags.data;
  if (existsSync(file) && statSync(file).isDirectory()) {
    const index = await indexXbd(file);
    file = join(xbdCache(), `index-${createHash('sha256').update(flags.data).digest('hex').slice(0, 16)}.json`);
    mkdirSync(xbdCache(), { recursive: true });
    await writeIndex(file, index);
    console.log(`${flags.data}: ${index.pairs.length} pairs, ${index.problems.filter(({ fatal }) => fatal).length} problems that cost a pair (npx nx run xbd:index lists them)`);
  }
  const given = { ...data, index: file };
  const { crops, refused } = await xbdCrops(await readIndex(file), given, 'train', sweep.imageNoises[0] ?? 0, 0);
  const natural = naturalShare(crops);
  console.log(`${crops.length} crops of ${data.size} px for seed 0 (${refused.nodata} refused for nodata), ${(100 * natural).toFixed(0)} % of the classified ones noisy by nature`);
  if (!(natural > 0 && natural < 1)) throw new Error(`${flags.data}: expected crops with and without damage, got ${natural === 0 ? 'none with' : 'none without'}`);
  return parseConfig(sweepConfig, { ...sweep, base: { ...sweep.base, data: given }, noisyShares: [...new Set([natural, ...sweep.noisyShares])].sort((a, b) => a - b) }, 'sweep');
}

/** Runs at once: as many as cores and free memory hold. */
function processCount({ base, runMemoryMiB }: SweepConfig, asked: number | undefined): number {
  if (asked !== undefined) return asked;
  const byCores = Math.floor(availableParallelism() / base.threads), byMemory = Math.floor((0.8 * freemem()) / (runMemoryMiB * 2 ** 20));
  if (byMemory < 1) throw new Error(`memory: expected ${runMemoryMiB} MiB free for a run, got ${Math.round(freemem() / 2 ** 20)} MiB (--processes 1 runs all the same)`);
  return Math.max(1, Math.min(byCores, byMemory));
}

/** Makes the folder this sweep's, or finds that it is; more seeds may be added to a sweep. */
async function claimFolder(out: string, { base, imageNoises, noisyShares }: SweepConfig): Promise<void> {
  const path = join(out, 'sweep.json');
  const wanted = `${JSON.stringify({ format: 'noisy-pairs/sweep', version: 1, imageNoises, noisyShares, base }, null, 2)}\n`;
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') !== wanted) throw new Error(`${out}: expected a sweep of the same recipe and data, got another; choose another --out folder`);
    return;
  }
  mkdirSync(out, { recursive: true });
  await writeFileAtomic(path, wanted);
}

async function main(flags: Flags): Promise<void> {
  const sweep = await sweepOf(flags);
  const runs = expandGrid(sweep);
  const given = flags.textures ?? flags.data;
  const givenName = given === undefined ? '' : `-${parse(given).name}`;
  const precisionName = sweep.base.precision === recipe(flags.recipe).base.precision ? '' : `-${sweep.base.precision}`;
  const out = flags.out ?? fromCaller(join('results', `${flags.recipe}${givenName}${precisionName}`));
  const folderOf = (run: NamedRun) => join(out, 'runs', run.name);
  const processes = processCount(sweep, flags.processes);
  const { data } = sweep.base;
  // A texture that is corrupt or too small is said here and once, not by each run.
  if (data.kind === 'vts' && data.textures.kind === 'folder') await openTextures(completeOptions({ size: data.size, textures: data.textures, length: 1 }));
  const source = data.kind === 'xbd' ? `xBD by ${data.index}` : data.textures.kind === 'folder' ? `textures ${data.textures.classes.join(', ')}, noise ${data.textures.noiseClass}` : 'textures built in';
  console.log(`${flags.recipe}: ${runs.length} runs, ${processes} at a time, steps ${flags.eager ? 'eager' : 'compiled'} in ${sweep.base.precision}, ${sweep.cost}; ${source}; into ${out}`);
  if (flags.dryRun) {
    for (const { name } of runs) console.log(`  ${name}${existsSync(join(out, 'runs', name, 'result.json')) ? ' (done)' : ''}`);
    return;
  }

  await claimFolder(out, sweep);
  const unlock = await lock(out, { stale: 5000, update: 2000, retries: { retries: 6, factor: 1, minTimeout: 1000 } }).catch((error: unknown) => {
    throw new Error(`${out}: expected no other sweep at work in it, got one (${(error as Error).message})`);
  });
  const stop = new AbortController();
  const onSignal = () => { stop.abort(); };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const open = runs.filter((run) => !readResult(folderOf(run), run.config));
    if (open.length < runs.length) console.log(`${runs.length - open.length} runs were done already`);
    if (open.length > 0) {
      const progress = openSweepProgress(open, process.stdout.isTTY);
      await runAll({
        runs: open, folderOf, processes, signal: stop.signal, eager: flags.eager ?? false,
        onStart: (run) => { rmSync(join(folderOf(run), 'log.txt'), { force: true }); progress.start(run); },
        onProgress: (run, p) => { progress.update(run, p); },
        onEnd: (run, error) => { progress.end(run, error); },
      });
      progress.close();
    }
    if (stop.signal.aborted) throw new Error('stopped; the same command goes on from the checkpoints');

    const finished = runs.flatMap((run): FinishedRun[] => {
      const result = readResult(folderOf(run), run.config);
      return result ? [{ ...run, result }] : [];
    });
    const failed = runs.filter(({ name }) => !finished.some((run) => run.name === name));
    if (finished.length === 0) throw new Error(`expected finished runs, got none: see ${join(folderOf(runs[0] as NamedRun), 'log.txt')}`);
    const summary = summariseSweep(runs, finished);
    await writeFileAtomic(join(out, 'results.csv'), resultsCsv(finished));
    await writeFileAtomic(join(out, 'timings.csv'), timingsCsv(finished));
    await writeFileAtomic(join(out, 'summary.json'), `${JSON.stringify({ ...summary, verdict: verdict(summary) }, null, 2)}\n`);
    await writeFileAtomic(join(out, 'plot.svg'), await trendPlot(summary));
    await writeFileAtomic(join(out, 'report.html'), await reportHtml({ sweep, summary, finished, folderOf, command: commandLine(flags) }));
    const table = new Table({ head: resultColumns, style: { head: [], border: [] } });
    table.push(...resultRows(summary));
    console.log(`\n${table.toString()}\n\n${verdict(summary)}\n\n${join(out, 'report.html')}`);
    if (failed.length > 0) {
      console.error(`experiments:sweep: ${failed.length} of ${runs.length} runs failed; their logs: ${failed.map((run) => join(folderOf(run), 'log.txt')).join(', ')}`);
      process.exitCode = 1;
    }
  } finally {
    await unlock();
  }
}

function commandLine({ recipe: name, seeds, data, textures, classes, noiseClass, precision, eager }: Flags): string {
  const parts = ['npx nx run experiments:sweep --', `--recipe ${name}`, seeds === undefined ? '' : `--seeds ${seeds}`, data === undefined ? '' : `--data ${data}`, textures === undefined ? '' : `--textures ${textures}`, classes ? `--classes ${classes.join(',')}` : '', noiseClass === undefined ? '' : `--noise-class ${noiseClass}`, precision === undefined ? '' : `--precision ${precision}`, eager ? '--eager' : ''];
  return parts.filter((part) => part !== '').join(' ');
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`experiments:sweep: ${(error as Error).message}`);
  process.exitCode = 1;
});
