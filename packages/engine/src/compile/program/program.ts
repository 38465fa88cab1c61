import type { SessionConfig } from '../graph/config-proto.ts';
import type { Precision } from '../recording/precision.ts';
import type { NamedTensors } from '../../tree/tree.ts';
import type { PartOf, TensorTree } from '../../tree/tree.ts';
import type { HostTensor } from './host-tensor.ts';
import type { InputSpec, SpecTree, TensorsOf, ValuesOf } from './inputs.ts';

/**
 * A program's step: a pure function of two trees of tensors, which reads nothing back, draws
 * nothing, and takes what varies as inputs. It borrows its arguments. `state` holds the entries
 * that change (others may be handed through), `outputs` what the caller wants to see.
 */
export type StepFunction<
  State = NamedTensors,
  Inputs = NamedTensors,
  Outputs extends NamedTensors = NamedTensors,
> = (state: State, inputs: Inputs) => { readonly state?: PartOf<State>; readonly outputs: Outputs };

export interface ProgramOptions extends SessionConfig {
  /**
   * Runs functions op by op, as tfjs does: slower, but they can be stepped through. Default false:
   * functions are compiled.
   */
  readonly eager?: boolean;
  /**
   * bf16: convolutions, batch norm and linear layers in bfloat16; compiled programs only. Default
   * float32.
   */
  readonly precision?: Precision;
}

/** A step's outputs and times. */
export interface StepResult<Outputs extends NamedTensors = NamedTensors> {
  readonly outputs: { readonly [K in keyof Outputs]: HostTensor };
  /** When it began and ended, in milliseconds on process.hrtime()'s clock. */
  readonly started: number;
  readonly ended: number;
}

/** A compiled function: one native call a step, away from JavaScript's thread. */
export interface EntryPoint<
  Specs extends SpecTree = Readonly<Record<string, InputSpec>>,
  Outputs extends NamedTensors = NamedTensors,
> {
  /** Milliseconds that compiling took; 0 in eager mode. */
  readonly compileMs: number;
  /** Ops in the graph, before TensorFlow optimises it; 0 in eager mode. */
  readonly ops: number;
  /**
   * Runs it once. Inputs are copied before this returns, so their arrays are free for other use at
   * once.
   * @throws if an input is not as declared, or a run of the program is under way
   */
  run(inputs: ValuesOf<Specs>): Promise<StepResult<Outputs>>;
  /** The same with TensorFlow's RunMetadata of where the time went. @throws in eager mode */
  profile(
    inputs: ValuesOf<Specs>,
  ): Promise<StepResult<Outputs> & { readonly statistics: Uint8Array }>;
}

/**
 * State, a tree of tensors, that lives in a session, and functions over it. One run at a time. A
 * step that fails leaves the state of an eager program as it was; a compiled program may have
 * changed in part, and refuses everything from then on but to be closed.
 */
export interface Program<State extends TensorTree = NamedTensors> {
  readonly eager: boolean;
  /**
   * Compiles a function for inputs of these shapes. Any number of functions may share the state,
   * and be added at any time.
   * @throws CompileError, naming op and line, for what cannot be compiled: values read inside,
   *   random numbers of JavaScript, shapes that depend on values, state of another shape than
   *   before, ops that the graph does not know, constants above 1 MiB that are not marked by
   *   `constant`
   */
  compile<const Specs extends SpecTree, Outputs extends NamedTensors>(
    step: StepFunction<State, TensorsOf<Specs>, Outputs>,
    inputs: Specs,
  ): EntryPoint<Specs, Outputs>;
  /** A copy of the state; the caller's. */
  read(): Promise<State>;
  /** A copy of some of its top branches and leaves; the caller's. @throws on an unknown name */
  read<Branch extends keyof State & string>(
    ...branches: readonly Branch[]
  ): Promise<Pick<State, Branch>>;
  /**
   * Replaces entries by the values of these tensors, which are borrowed.
   * @throws on an unknown name, or another shape or type
   */
  write(entries: PartOf<State>): Promise<void>;
  /** Frees the state. */
  close(): void;
}
