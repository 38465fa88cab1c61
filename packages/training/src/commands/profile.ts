#!/usr/bin/env node
import { runCommand, wholeNumber } from '@noisy-pairs/command-line';
import Table from 'cli-table3';
import { byType, opByOp, traceStep, type Share } from '../bench/op-times.ts';
import { rounded } from '../bench/statistics.ts';
import { subjectCommand } from '../bench/subject-command.ts';

const command = subjectCommand(
  'engine:profile',
  "Where the time of a compiled pretraining step goes, by TensorFlow's own trace. Ops overlap, " +
    "so their times add up to more than the step's.",
  ['npx nx run engine:profile -- --size 64 --batch 32'],
)
  .option('--ops', 'one line an op, not one a type of op')
  .option('--top <n>', 'lines to print', wholeNumber(1), 25)
  .option('--json', 'print one JSON line');

interface Line extends Share {
  /** Share of the time of all ops, 0..1. */
  readonly share: number;
}

function tableOf(lines: readonly Line[]): string {
  const table = new Table({
    head: ['op', 'ms', 'share', 'ops'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { name, ms, share, count } of lines)
    table.push([name, ms.toFixed(2), `${(share * 100).toFixed(1)} %`, count]);
  return table.toString();
}

await runCommand(command, async ({ ops: single, top, json, ...step }) => {
  const { stepMs, ops } = await traceStep(step);
  const opMs = ops.reduce((sum, { ms }) => sum + ms, 0);
  const shares = (single ? opByOp(ops) : byType(ops)).sort((a, b) => b.ms - a.ms);
  const lines = shares.slice(0, top).map(({ name, ms, count }): Line => ({
    name,
    ms: rounded(ms, 2),
    share: rounded(ms / opMs, 3),
    count,
  }));
  const { method, size, batch, precision } = step;
  if (json) {
    const times = { stepMs: rounded(stepMs), opMs: rounded(opMs) };
    console.log(JSON.stringify({ method, size, batch, precision, ...times, ops: lines }));
    return;
  }
  console.log(
    `${method}, ${batch} images of ${size} px, ${precision}: step ${rounded(stepMs)} ms under ` +
      `trace, ops ${rounded(opMs)} ms in all\n${tableOf(lines)}`,
  );
});
