#!/usr/bin/env node
import { availableParallelism, cpus } from 'node:os';
import { callerExecutable, runCommand, wholeNumber } from '@noisy-pairs/command-line';
import { bf16Instructions } from '@noisy-pairs/engine';
import { compareSteps, timeCurve, type StepComparison } from '../bench/compare-steps.ts';
import { median, rounded } from '../bench/statistics.ts';
import { subjectCommand } from '../bench/subject-command.ts';

const command = subjectCommand(
  'engine:bench',
  "Times one pretraining step (ResNet-18, without views), and PyTorch's beside it, in turns.",
  [
    'npx nx run engine:bench -- --size 128 --batch 16 --method moco --peer python3 --json',
    'npx nx run engine:bench -- --size 64 --curve 4,8,16,32',
  ],
)
  .option('--eager', 'our step op by op, not compiled')
  .option('--pairs <n>', 'measurements, each of ours and of the peer in turns', wholeNumber(1), 7)
  .option('--steps <n>', 'steps a measurement; its median counts', wholeNumber(1), 5)
  .option(
    '--peer <python>',
    'a Python with torch and torchvision to time beside ours: the fastest of eager, ' +
      'channels_last and torch.compile',
    callerExecutable,
  )
  .option('--curve <a,b,...>', 'instead: step time for these batch sizes', (text) =>
    text.split(',').map(wholeNumber(1)),
  )
  .option('--json', 'print one JSON line');

const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  bf16: bf16Instructions() ?? 'none',
  node: process.version,
});

/** @param ms of a step */
const speed = (batch: number, ms: number) => ({
  medianMs: rounded(ms),
  imagesPerSecond: rounded((batch / ms) * 1000),
});

function peerJson({ peer }: StepComparison): object {
  if (!peer) return {};
  return {
    peer: peer.name,
    peerMedianMs: rounded(peer.medianMs),
    peerRssMiB: Math.round(peer.rssMiB),
    ratio: rounded(median(peer.ratios), 3),
    ratios: peer.ratios.map((ratio) => rounded(ratio, 3)),
  };
}

function peerLine({ name, medianMs, rssMiB, ratios }: NonNullable<StepComparison['peer']>): string {
  const each = ratios.map((ratio) => rounded(ratio, 3)).join(', ');
  return (
    `${name}: ${rounded(medianMs)} ms, peak ${Math.round(rssMiB)} MiB; PyTorch : ours ` +
    `${rounded(median(ratios), 3)} (${each})`
  );
}

await runCommand(command, async ({ peer, curve, json, eager = false, ...flags }) => {
  const { method, size, batch, precision, pairs } = flags;
  const say = (line: string) => {
    if (!json) console.log(line);
  };
  const options = { ...flags, eager };
  if (curve) {
    const points: ({ batch: number } & ReturnType<typeof speed>)[] = [];
    for await (const point of timeCurve(options, curve, flags)) {
      const { medianMs, imagesPerSecond } = speed(point.batch, point.medianMs);
      say(`batch ${point.batch}: ${medianMs} ms a step, ${imagesPerSecond} images/s`);
      points.push({ batch: point.batch, medianMs, imagesPerSecond });
    }
    if (json) console.log(JSON.stringify({ method, size, precision, curve: points, ...machine() }));
    return;
  }

  const compared = await compareSteps(options, flags, peer, (variant, ms) => {
    say(`PyTorch ${variant}: ${rounded(ms)} ms`);
  });
  const { rssMiB } = compared;
  const compileMs = Math.round(compared.compileMs);
  const steps = eager ? 'eager' : 'compiled';
  const { medianMs, imagesPerSecond } = speed(batch, compared.medianMs);
  if (json) {
    const setting = { method, size, batch, precision, steps, pairs };
    const ours = { medianMs, imagesPerSecond, compileMs, rssMiB };
    console.log(JSON.stringify({ ...setting, ...ours, ...peerJson(compared), ...machine() }));
  }
  say(
    `${method}, ${batch} images of ${size} px, ${precision}, ${steps}: ${medianMs} ms a step, ` +
      `${imagesPerSecond} images/s, peak ${rssMiB} MiB, compiled in ${compileMs} ms`,
  );
  if (compared.peer) say(peerLine(compared.peer));
});
