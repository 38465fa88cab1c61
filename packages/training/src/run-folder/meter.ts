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

/** What one step reported. */
export interface StepMetrics {
  /** Counting from 1. */
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Collects what steps report. */
export interface Meter {
  /**
   * @param outputs scalars, `loss` among them, the same names every time.
   * @throws NonFiniteLossError
   */
  add(step: number, outputs: Readonly<Record<string, HostTensor>>): void;
  /** The values since the last reading. */
  read(): StepMetrics[];
}

export function createMeter(): Meter {
  let pending: StepMetrics[] = [];
  return {
    add(step, outputs) {
      const values = Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [name, data[0] ?? NaN]),
      );
      const loss = values['loss'] ?? NaN;
      if (!Number.isFinite(loss)) throw new NonFiniteLossError(step, loss);
      pending.push({ step, values });
    },
    read() {
      const read = pending;
      pending = [];
      return read;
    },
  };
}

/** The mean of each value over the steps. */
export function meanOf(steps: readonly StepMetrics[]): Record<string, number> {
  const names = Object.keys(steps[0]?.values ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      steps.reduce((sum, { values }) => sum + (values[name] ?? NaN), 0) / steps.length,
    ]),
  );
}
