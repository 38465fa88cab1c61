import type { NamedTensors } from '../gradients.ts';
import { compiledProgram } from './compiled-program.ts';
import { eagerProgram } from './eager-program.ts';
import type { Program, ProgramOptions } from './program.ts';
import { requireBf16 } from './recording/precision.ts';

/**
 * A program over a state that starts as these tensors, which are borrowed and copied.
 * @throws if bf16 is asked for in eager mode, or where the processor does not have it
 */
export async function openProgram(
  state: NamedTensors,
  options: ProgramOptions = {},
): Promise<Program> {
  const { eager = false, precision = 'float32' } = options;
  if (eager && precision !== 'float32')
    throw new Error(`precision: expected float32 in eager mode, got ${precision}`);
  if (precision === 'bf16') requireBf16();
  const program = eager ? eagerProgram() : compiledProgram(state, precision, options);
  await program.start(state);
  return program;
}
