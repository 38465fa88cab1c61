#!/usr/bin/env node
import { stepProfile, type OpTime, type Precision } from '@noisy-pairs/engine';
import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { rounded } from '../bench/statistics.ts';
import { methods, openSubject } from '../bench/subject.ts';

interface Flags {
  readonly size: number;
  readonly batch: number;
  readonly method: keyof typeof methods;
  readonly precision: Precision;
  readonly ops?: true;
  readonly top: number;
  readonly json?: true;
}

const whole = (text: string) => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError(`expected a positive whole number, got ${text}.`);
  return Number(text);
};

const flags = new Command('engine:profile')
  .description(
    "Where the time of a compiled pretraining step goes, by TensorFlow's own trace. Ops " +
      "overlap, so their times add up to more than the step's.",
  )
  .option('--size <pixels>', "edge of the images; up to 32 with CIFAR's stem", whole, 128)
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
  .option('--ops', 'one line an op, not one a kind of op')
  .option('--top <n>', 'lines to print', whole, 25)
  .option('--json', 'print one JSON line')
  .parse()
  .opts<Flags>();

/** Time by type of op. */
function byType(ops: readonly OpTime[]): { name: string; ms: number; count: number }[] {
  const types = new Map<string, { ms: number; count: number }>();
  for (const { op, ms } of ops) {
    const sum = types.get(op) ?? { ms: 0, count: 0 };
    types.set(op, { ms: sum.ms + ms, count: sum.count + 1 });
  }
  return [...types].map(([name, sum]) => ({ name, ...sum }));
}

async function main(): Promise<void> {
  const { size, batch, method, precision } = flags;
  const { program, entry, inputs } = await openSubject({
    size,
    batch,
    method,
    precision,
    eager: false,
  });
  for (let i = 0; i < 5; i++) await entry.run(inputs);
  const { statistics, started, ended } = await entry.profile(inputs);
  program.close();
  const ops = stepProfile(statistics);
  const total = ops.reduce((sum, { ms }) => sum + ms, 0);
  const rows = (
    flags.ops
      ? ops.map(({ op, shape, ms }) => ({
          name: `${op} -> ${shape.join(' x ')}`,
          ms,
          count: 1,
        }))
      : byType(ops)
  ).sort((a, b) => b.ms - a.ms);
  const shown = rows.slice(0, flags.top).map(({ name, ms, count }) => ({
    name,
    ms: rounded(ms, 2),
    share: rounded(ms / total, 3),
    count,
  }));
  if (flags.json) {
    console.log(
      JSON.stringify({
        method,
        size,
        batch,
        precision,
        stepMs: rounded(ended - started),
        opMs: rounded(total),
        ops: shown,
      }),
    );
    return;
  }
  const table = new Table({
    head: ['op', 'ms', 'share', 'ops'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { name, ms, share, count } of shown)
    table.push([name, ms.toFixed(2), `${(share * 100).toFixed(1)} %`, count]);
  console.log(
    `${method}, ${batch} images of ${size} px, ${precision}: step ${rounded(ended - started)} ` +
      `ms under trace, ops ${rounded(total)} ms in all\n${table.toString()}`,
  );
}

main().catch((error: unknown) => {
  console.error(`engine:profile: ${(error as Error).message}`);
  process.exitCode = 1;
});
