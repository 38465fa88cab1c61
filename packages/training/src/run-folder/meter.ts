import type { HostTensor } from '@noisy-pairs/engine';

/** A loss that is NaN or infinite. Steps count from 1. */
export class NonFiniteLossError extends Error {
  readonly code = 'NON_FINITE_LOSS';
  /** The step whose loss was not finite. */
  readonly step: number;

  constructor(step: number, loss: number) {
    super(`loss: expected a finite number, got ${loss} at step ${step}`);
    this.name = 'NonFiniteLossError';
    this.step = step;
  }
}

/** Sums over the last steps of a training, whose means are its final values. JSON-safe. */
export interface Tail {
  /** How many of those steps are done. */
  readonly count: number;
  readonly sums: Readonly<Record<string, number>>;
}

export interface MeterOptions {
  /** Length of the whole training. */
  readonly steps: number;
  /** Names of the values that are summed up over the last 5 % of the steps. */
  readonly tailed: readonly string[];
  /** The sums of a training that was interrupted. Default none. */
  readonly tail?: Tail;
}

/** Collects what steps report. */
export interface Meter {
  /**
   * @param step counting from 1
   * @param outputs scalars, `loss` among them, the same names every time
   * @throws NonFiniteLossError
   */
  add(step: number, outputs: Readonly<Record<string, HostTensor>>): void;
  /** The mean of each value over the steps since the last time. */
  means(): Record<string, number>;
  readonly tail: Tail;
}

/** Share of a training's steps that its final values are means over. */
const tailShare = 0.05;

export function createMeter({ steps, tailed, tail: before }: MeterOptions): Meter {
  const tailStart = steps - Math.ceil(steps * tailShare);
  let tail: Tail = before ?? { count: 0, sums: {} };
  let pending: Readonly<Record<string, number>>[] = [];
  return {
    add(step, outputs) {
      const values = Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [name, data[0] ?? NaN]),
      );
      const loss = values['loss'] ?? NaN;
      if (!Number.isFinite(loss)) throw new NonFiniteLossError(step, loss);
      pending.push(values);
      if (step > tailStart) tail = grown(tail, tailed, values);
    },
    means() {
      const means = meansOf(pending);
      pending = [];
      return means;
    },
    get tail() {
      return tail;
    },
  };
}

/** The mean of a value over the tail; NaN for an empty one. */
export function tailMean({ count, sums }: Tail, name: string): number {
  return (sums[name] ?? NaN) / count;
}

function grown(
  { count, sums }: Tail,
  names: readonly string[],
  values: Readonly<Record<string, number>>,
): Tail {
  const more = names.map((name) => [name, (sums[name] ?? 0) + (values[name] ?? NaN)]);
  return { count: count + 1, sums: Object.fromEntries(more) as Tail['sums'] };
}

function meansOf(steps: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(steps[0] ?? {});
  const mean = (name: string) =>
    steps.reduce((sum, values) => sum + (values[name] ?? NaN), 0) / steps.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}
