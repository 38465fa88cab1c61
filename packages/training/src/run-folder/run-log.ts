import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@noisy-pairs/imaging';
import { appendEvents, createEvents, type Event } from './tensorboard.ts';

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

/**
 * Opens the log of a run that goes on after `step` (0 = a new run): lines beyond it, or cut off by
 * a kill, are dropped and the events rewritten from those that stay, so that the files are as if
 * the run had never been interrupted, times apart.
 */
export async function openRunLog(folder: string, step: number): Promise<RunLog> {
  const metrics = join(folder, 'metrics.jsonl');
  const events = join(folder, 'events.out.tfevents.0.noisy-pairs');
  const kept = step > 0 ? (await readMetrics(metrics)).filter((line) => line.step <= step) : [];
  await writeFileAtomic(metrics, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await createEvents(events, kept.map(toEvent));
  return {
    async write(line) {
      await appendFile(metrics, `${JSON.stringify(line)}\n`);
      await appendEvents(events, [toEvent(line)]);
    },
  };
}

/**
 * The lines of a metrics.jsonl; a last line without its end is left out, a missing file has none.
 */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as MetricsLine);
}

function toEvent({ step, time, ...scalars }: MetricsLine): Event {
  return { step, time, scalars };
}
