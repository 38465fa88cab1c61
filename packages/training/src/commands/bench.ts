#!/usr/bin/env node
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { bf16Instructions, type Precision } from '@noisy-pairs/engine';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openPeer, type Peer } from '../bench/peer.ts';
import { median, rounded } from '../bench/statistics.ts';
import { methods, openSubject, type Subject } from '../bench/subject.ts';

interface Flags {
  readonly size: number;
  readonly batch: number;
  readonly method: keyof typeof methods;
  readonly precision: Precision;
  readonly eager?: true;
  readonly pairs: number;
  readonly steps: number;
  readonly peer?: string;
  readonly curve?: number[];
  readonly json?: true;
}

const whole = (text: string) => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError(`expected a positive whole number, got ${text}.`);
  return Number(text);
};

const flags = new Command('engine:bench')
  .description(
    'Times one pretraining step (ResNet-18, without views; CIFAR stem up to 32 px), and ' +
      "PyTorch's beside it, in turns.",
  )
  .option('--size <pixels>', 'edge of the images', whole, 128)
  .option('--batch <n>', 'images a batch', whole, 16)
  .addOption(
    new Option('--method <name>', 'pretraining method')
      .choices(Object.keys(methods))
      .default('moco'),
  )
  .addOption(
    new Option('--precision <kind>', 'of the networks')
      .choices(['float32', 'bf16'])
      .default('float32'),
  )
  .option('--eager', 'our step op by op, not compiled')
  .option('--pairs <n>', 'measurements, each of ours and of the peer in turns', whole, 7)
  .option('--steps <n>', 'steps a measurement; its median counts', whole, 5)
  .option(
    '--peer <python>',
    'a Python with torch and torchvision to time beside ours: the fastest of eager, ' +
      'channels_last and torch.compile',
  )
  .option('--curve <a,b,...>', 'instead: step time for these batch sizes', (text) =>
    text.split(',').map(whole),
  )
  .option('--json', 'print one JSON line')
  .addHelpText(
    'after',
    `
Figures of one machine are in docs/performance.md.

Example:
  nx run engine:bench -- --size 128 --batch 16 --method moco --peer python3 --json`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse()
  .opts<Flags>();

const { size, batch, method, precision, pairs, steps } = flags;
/** Steps until caches are filled and threads are warm. */
const WARM_UP = 3;

/** Median milliseconds of some steps. */
async function timeOurs({ entry, inputs }: Subject, count: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await entry.run(inputs);
    times.push(performance.now() - start);
  }
  return median(times);
}

/**
 * The fastest way to run PyTorch here, each tried in turns, its best time counting; the others are
 * ended.
 */
async function fastestPeer(python: string): Promise<Peer> {
  const tried: { peer: Peer; ms: number }[] = [];
  try {
    for (const variant of ['eager', 'channels_last', 'compile']) {
      const peer = openPeer(python, batch, size, variant, precision);
      tried.push({ peer, ms: Infinity });
      await peer.time(WARM_UP);
    }
    for (let round = 0; round < 3; round++) {
      for (const one of tried) one.ms = Math.min(one.ms, (await one.peer.time(steps)).ms);
    }
  } catch (error) {
    for (const { peer } of tried) peer.close();
    throw error;
  }
  tried.sort((a, b) => a.ms - b.ms);
  if (!flags.json)
    for (const { peer, ms } of tried) console.log(`PyTorch ${peer.variant}: ${rounded(ms)} ms`);
  for (const { peer } of tried.slice(1)) peer.close();
  return (tried[0] as { peer: Peer }).peer;
}

async function open(images: number): Promise<Subject> {
  const subject = await openSubject({
    size,
    batch: images,
    method,
    precision,
    eager: flags.eager ?? false,
  });
  await timeOurs(subject, WARM_UP);
  return subject;
}

async function main(): Promise<void> {
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    bf16: bf16Instructions() ?? 'none',
    node: process.version,
  };
  if (flags.curve) {
    const curve: { batch: number; medianMs: number; imagesPerSecond: number }[] = [];
    for (const images of flags.curve) {
      const subject = await open(images);
      const ms = median(await repeated(pairs, () => timeOurs(subject, steps)));
      subject.program.close();
      curve.push({
        batch: images,
        medianMs: rounded(ms),
        imagesPerSecond: rounded((images / ms) * 1000),
      });
      if (!flags.json)
        console.log(
          `batch ${images}: ${rounded(ms)} ms a step, ${rounded((images / ms) * 1000)} images/s`,
        );
    }
    if (flags.json) console.log(JSON.stringify({ method, size, precision, curve, ...machine }));
    return;
  }
  const peer =
    flags.peer === undefined
      ? undefined
      : await fastestPeer(
          flags.peer.includes('/')
            ? resolve(process.env['INIT_CWD'] ?? process.cwd(), flags.peer)
            : flags.peer,
        );
  try {
    const subject = await open(batch);
    const measured: { ours: number; theirs: number }[] = [];
    let theirs: Awaited<ReturnType<Peer['time']>> | undefined;
    for (let i = 0; i < pairs; i++) {
      const ours = await timeOurs(subject, steps);
      theirs = await peer?.time(steps);
      measured.push({ ours, theirs: theirs?.ms ?? NaN });
    }
    const medianMs = median(measured.map(({ ours }) => ours));
    const rssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
    const result = {
      method,
      size,
      batch,
      precision,
      steps: flags.eager ? 'eager' : 'compiled',
      pairs,
      medianMs: rounded(medianMs),
      imagesPerSecond: rounded((batch / medianMs) * 1000),
      compileMs: Math.round(subject.entry.compileMs),
      rssMiB,
      ...(peer && theirs
        ? {
            peer: `PyTorch ${theirs.version} ${peer.variant}`,
            peerMedianMs: rounded(median(measured.map((pair) => pair.theirs))),
            peerRssMiB: Math.round(theirs.rssMiB),
            ratio: rounded(median(measured.map((pair) => pair.theirs / pair.ours)), 3),
            ratios: measured.map((pair) => rounded(pair.theirs / pair.ours, 3)),
          }
        : {}),
      ...machine,
    };
    subject.program.close();
    if (flags.json) console.log(JSON.stringify(result));
    else {
      console.log(
        `${method}, ${batch} images of ${size} px, ${precision}, ${result.steps}: ` +
          `${result.medianMs} ms a step, ${result.imagesPerSecond} images/s, peak ${rssMiB} MiB, ` +
          `compiled in ${result.compileMs} ms`,
      );
      if (result.peer !== undefined)
        console.log(
          `${result.peer}: ${result.peerMedianMs} ms, peak ${result.peerRssMiB} MiB; PyTorch : ` +
            `ours ${result.ratio} (${result.ratios?.join(', ') ?? ''})`,
        );
    }
  } finally {
    peer?.close();
  }
}

async function repeated(count: number, f: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await f());
  return values;
}

main().catch((error: unknown) => {
  console.error(`engine:bench: ${(error as Error).message}`);
  process.exitCode = 1;
});
