import type { Recording } from './recording.ts';
import { CompileError } from '../graph/step-line.ts';

/**
 * @throws CompileError naming the first op in which two recordings of one function differ: expected
 *   the same `when`, and what to do about it
 */
export function requireSame(
  first: Recording,
  again: Recording,
  when: string,
  remedy: string,
): void {
  const at = first.trail.findIndex((entry, i) => entry !== again.trail[i]);
  if (at >= 0 || again.trail.length > first.trail.length) {
    const i = at < 0 ? first.trail.length : at;
    const what = (entry: string | undefined) => entry?.split(' ')[0] ?? 'nothing';
    throw new CompileError(
      `expected the same ops and constants ${when}, got ${what(first.trail[i])} and then ` +
        `${what(again.trail[i])} with other values; ${remedy}`,
      first.lines[i] ?? again.lines[i],
    );
  }
}
