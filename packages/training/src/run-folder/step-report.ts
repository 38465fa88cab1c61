import type { EntryPoint, Precision, Program } from '@noisy-pairs/engine';

/** A line on how the steps of a training are run. */
export function describeStep(
  what: string,
  { eager }: Pick<Program, 'eager'>,
  { ops, compileMs }: Pick<EntryPoint, 'ops' | 'compileMs'>,
  precision: Precision,
): string {
  return eager
    ? `${what}: steps run eagerly, op by op, in ${precision}`
    : `${what}: compiled step of ${ops} ops in ${Math.round(compileMs)} ms, ${precision}`;
}
