import { disposeAll, tf, type NamedTensors, type Scalar } from '@noisy-pairs/engine';

/** A loss that is NaN or infinite. Steps count from 1. */
export class NonFiniteLossError extends Error {
  readonly code = 'NON_FINITE_LOSS';
  /** The first step whose loss was not finite. */
  readonly step: number;

  constructor(step: number, loss: number, first: number, last: number) {
    super(`loss: expected a finite number, got ${loss} at step ${step} (checked steps ${first} to ${last})`);
    this.name = 'NonFiniteLossError';
    this.step = step;
  }
}

/** What one step reported. */
export interface StepMetrics {
  /** Counting from 1. */
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Collects the scalars of steps on the device and reads them together, so that no step waits for the one before. */
export interface Meter {
  /** Takes the tensors over. @param metrics scalars, `loss` among them, the same names every time */
  add(step: number, metrics: NamedTensors): void;
  /**
   * The values since the last reading.
   * @throws NonFiniteLossError naming the first bad step
   */
  read(): Promise<StepMetrics[]>;
  /** Frees what was not read. */
  dispose(): void;
}

export function createMeter(): Meter {
  let pending: { step: number; metrics: NamedTensors }[] = [];
  const dispose = () => {
    for (const { metrics } of pending) disposeAll(metrics);
    pending = [];
  };
  return {
    add: (step, metrics) => pending.push({ step, metrics }),
    dispose,
    async read() {
      const names = Object.keys(pending[0]?.metrics ?? {});
      const stacked = names.map((name) => tf.stack(pending.map(({ metrics }) => metrics[name] as Scalar)));
      const steps = pending.map(({ step }) => step);
      dispose();
      const columns = await Promise.all(stacked.map((column) => column.data()));
      for (const column of stacked) column.dispose();
      const read = steps.map((step, i) => ({ step, values: Object.fromEntries(names.map((name, n) => [name, columns[n]?.[i] ?? NaN])) }));
      const bad = read.find(({ values }) => !Number.isFinite(values['loss']));
      if (bad) throw new NonFiniteLossError(bad.step, bad.values['loss'] ?? NaN, steps[0] ?? 0, steps.at(-1) ?? 0);
      return read;
    },
  };
}

/** The mean of each value over the steps. */
export function meanOf(steps: readonly StepMetrics[]): Record<string, number> {
  const names = Object.keys(steps[0]?.values ?? {});
  return Object.fromEntries(names.map((name) => [name, steps.reduce((sum, { values }) => sum + (values[name] ?? NaN), 0) / steps.length]));
}
