import { stepProfile, type OpTime } from '@noisy-pairs/engine';
import { openSubject, type SubjectOptions } from './subject.ts';

/** Steps before the one that is traced. */
const warmUp = 5;

/** Time of an op of a step, or of all ops of a type. */
export interface Share {
  readonly name: string;
  readonly ms: number;
  /** How many ops there are. */
  readonly count: number;
}

/** A compiled step under TensorFlow's trace. */
export interface StepTimes {
  readonly stepMs: number;
  readonly ops: readonly OpTime[];
}

export async function traceStep(options: Omit<SubjectOptions, 'eager'>): Promise<StepTimes> {
  const { program, entry, inputs } = await openSubject({ ...options, eager: false });
  for (let i = 0; i < warmUp; i++) await entry.run(inputs);
  const { statistics, started, ended } = await entry.profile(inputs);
  program.close();
  return { stepMs: ended - started, ops: stepProfile(statistics) };
}

/** Each op by itself, with its shape. */
export const opByOp = (ops: readonly OpTime[]): Share[] =>
  ops.map(({ op, shape, ms }) => ({ name: `${op} -> ${shape.join(' x ')}`, ms, count: 1 }));

/** Ops of one type together. */
export function byType(ops: readonly OpTime[]): Share[] {
  const types = new Map<string, { ms: number; count: number }>();
  for (const { op, ms } of ops) {
    const sum = types.get(op) ?? { ms: 0, count: 0 };
    types.set(op, { ms: sum.ms + ms, count: sum.count + 1 });
  }
  return [...types].map(([name, sum]) => ({ name, ...sum }));
}
