import type { NamedTensors } from '../../tree/tree.ts';
import type { InputSpec, InputValue } from './inputs.ts';
import type { EntryPoint } from './program.ts';

/** Declared inputs, and values for them, by name. */
export type NamedSpecs = Readonly<Record<string, InputSpec>>;
export type NamedValues = Readonly<Record<string, InputValue>>;

/** A StepFunction over flat records; `state` holds what changes. */
export type NamedStep = (
  state: NamedTensors,
  inputs: NamedTensors,
) => { readonly state: NamedTensors; readonly outputs: NamedTensors };

/** A program whose state and inputs are flat records; open-program.ts makes trees of them. */
export interface FlatProgram {
  readonly eager: boolean;
  /** Gives the state its first values, which are borrowed. */
  start(state: NamedTensors): Promise<void>;
  compile(step: NamedStep, specs: NamedSpecs): EntryPoint;
  /** Copies of the named entries; the caller's. */
  read(names: readonly string[]): Promise<NamedTensors>;
  write(entries: NamedTensors): Promise<void>;
  close(): void;
}

/** The error about a name that is none of the state's. */
export const unknownEntry = (name: string): Error =>
  new Error(`state ${name}: expected one of the program's entries, got another name`);

/**
 * Lets one run at a time through.
 * @throws if one is under way
 */
export function oneAtATime(): <T>(run: () => Promise<T>) => Promise<T> {
  let busy = false;
  return async (run) => {
    if (busy)
      throw new Error(
        'program: expected one run at a time, got another while one is under way; await it first',
      );
    busy = true;
    try {
      return await run();
    } finally {
      busy = false;
    }
  };
}
