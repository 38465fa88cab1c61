import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brief } from '@noisy-pairs/command-line';
import { readRegularFile, writeFileAtomic } from '@noisy-pairs/imaging';
import { appendEvents, createEvents, type Event } from './tensorboard.ts';
import { written } from './written.ts';

/** A line of metrics.jsonl: means over the steps since the line before. */
export interface MetricsLine {
  /** Steps done. */
  readonly step: number;
  /** Epochs done, a fraction. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Milliseconds a step waited for data. */
  readonly dataWaitMs: number;
  /** Milliseconds a step took, data wait included. */
  readonly stepMs: number;
  /** Seconds since 1970. */
  readonly time: number;
  /**
   * What the method reports: loss, accuracy, featureStd, ...; lossAboveRandom = loss - randomLoss
   * of the method, where that is defined; what a monitor measured.
   */
  readonly [metric: string]: number;
}

/** metrics.jsonl and TensorBoard events of one run, in its folder. */
export interface RunLog {
  write(line: MetricsLine): Promise<void>;
}

/** Hears of what is not as it should be, a line each. */
type OnNote = (note: string) => void;

/**
 * Opens the log of a run that goes on after `step` (0 = a new run): lines beyond it, or cut off by
 * a kill, are dropped and the events rewritten from those that stay, so that the files are as if
 * the run had never been interrupted, times apart.
 * @param onNote hears of lines that are damaged, and of one of `step` that is missing
 * @param beforeWrite called before each write, which does not happen if it throws
 */
export async function openRunLog(
  folder: string,
  step: number,
  onNote?: OnNote,
  beforeWrite?: () => void,
): Promise<RunLog> {
  const metrics = join(folder, 'metrics.jsonl');
  const events = join(folder, 'events.out.tfevents.0.noisy-pairs');
  const lines = step > 0 ? await readMetrics(metrics, onNote) : [];
  const kept = lines.filter((line) => line.step <= step);
  const last = kept.at(-1)?.step;
  if (step > 0 && last !== step)
    onNote?.(
      `${metrics}: expected lines up to step ${step}, got ${last ?? 'none'}: the others are lost`,
    );
  beforeWrite?.();
  await writeFileAtomic(metrics, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await written(events, createEvents(events, kept.map(toEvent)));
  return {
    async write(line) {
      beforeWrite?.();
      await written(metrics, appendFile(metrics, `${JSON.stringify(line)}\n`));
      await written(events, appendEvents(events, [toEvent(line)]));
    },
  };
}

/**
 * The lines of a metrics.jsonl; a last line without its end is left out, a missing file has none.
 * @param onNote hears of other lines that are none of metrics, which are left out
 */
export async function readMetrics(path: string, onNote?: OnNote): Promise<MetricsLine[]> {
  const read = readRegularFile(path).then(String);
  const text = await read.catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((written, i) => {
      const line = parseLine(written);
      if (line) return [line];
      const got = brief(JSON.stringify(written));
      onNote?.(`${path} line ${i + 1}: expected a line of metrics, got ${got}: left out`);
      return [];
    });
}

/** @returns undefined for what is no JSON, or no object of numbers with its step */
function parseLine(text: string): MetricsLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isMetricsLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** JSON has null for a number that is not finite. */
const isMetricsLine = (line: unknown): line is MetricsLine =>
  typeof line === 'object' &&
  line !== null &&
  'step' in line &&
  Number.isSafeInteger(line.step) &&
  Object.values(line).every((value) => value === null || typeof value === 'number');

function toEvent({ step, time, ...scalars }: MetricsLine): Event {
  return { step, time, scalars };
}
