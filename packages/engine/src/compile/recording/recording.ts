import { createHash } from 'node:crypto';
import { attribute, types, type Attribute } from '../../attributes.ts';
import { backend, type NativeTensorInfo, type Values } from '../../native.ts';
import type { Tensor } from '../../tensorflow.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { CompileError, stepLine } from '../graph/step-line.ts';
import { addConstant } from './constants.ts';
import { halfOp, takesHalf } from './half-ops.ts';
import { intercept } from './intercept.ts';
import type { Precision } from './precision.ts';
import { firstId, RecordedValues, requireHeld, type Recorded } from './values.ts';

/** A variable of the graph and the tensor that stands for its value at the start of the step. */
export interface Variable {
  readonly handle: Value;
  readonly read: Value;
}

let current: Recording | undefined;
const setCurrent = (recording: Recording | undefined): void => {
  current = recording;
};

/** The recording under way, if there is one. */
export const currentRecording = (): Recording | undefined => current;

/**
 * Turns what a function does with tensors into ops of a graph. While it runs, tfjs's native binding
 * is replaced by this: nothing is computed, an op is added to the graph and answered with the
 * shapes that TensorFlow infers. So nothing is held that would have to be freed.
 */
export class Recording {
  readonly graph: Graph;
  readonly #precision: Precision;
  readonly #real = backend.binding;
  readonly #values: RecordedValues;
  readonly #variables = new Map<number, Variable>();
  /**
   * Constants that stand for tensors which are no results of recorded ops, by the tensors' data.
   */
  readonly #captured = new WeakMap<object, number>();
  /** The ops and constants of the step in words, to be compared with a second recording. */
  readonly trail: string[] = [];
  /** The line of the step's code that each comes from, if it is known. */
  readonly lines: (string | undefined)[] = [];
  #violation: CompileError | undefined;

  constructor(graph: Graph, precision: Precision) {
    this.graph = graph;
    this.#precision = precision;
    this.#values = new RecordedValues(graph);
  }

  /** Runs `f` and records it. @throws CompileError about what cannot be recorded */
  run<T>(f: () => T): T {
    if (current) throw new CompileError('expected no recording inside a recording');
    setCurrent(this);
    try {
      const result = intercept(
        {
          binding: {
            executeOp: this.#execute.bind(this),
            deleteTensor: (id) => {
              if (id < firstId) this.#real.deleteTensor(id);
            },
            tensorDataSync: (id) => {
              if (id >= firstId) throw readingError();
              return this.#real.tensorDataSync(id);
            },
          },
          idOf: this.#id.bind(this),
          onRead: () => {
            this.#violation ??= readingError();
          },
        },
        f,
      );
      if (this.#violation) throw this.#violation;
      return result;
    } finally {
      setCurrent(undefined);
    }
  }

  /** A tensor of tfjs that stands for a value of the graph; make it inside `run`. */
  tensor(value: Value): Tensor {
    return this.#wrap({ full: value, shape: value.shape, dtype: value.dtype });
  }

  /** A tensor that stands for a variable's value at the start of the step. */
  variable(variable: Variable): Tensor {
    const tensor = this.tensor(variable.read);
    this.#variables.set(this.#id(tensor), variable);
    return tensor;
  }

  /** The variable whose value at the start of the step this is, or undefined. */
  variableOf(tensor: Tensor): Variable | undefined {
    return this.#variables.get(this.#id(tensor));
  }

  /** The value of a tensor, float32 where it is a float. */
  value(tensor: Tensor): Value {
    return this.#values.full(this.#values.get(this.#id(tensor)));
  }

  /** The op that made this the variable's value in place, or undefined. */
  updatedBy(tensor: Tensor): Recorded['updatedBy'] {
    return this.#values.get(this.#id(tensor)).updatedBy;
  }

  /**
   * Adds an op that updates variables in place.
   * @param tensors the op's first inputs: the variables' values at the start of the step
   * @returns their values from then on
   */
  update(
    type: string,
    tensors: readonly Tensor[],
    inputs: readonly Tensor[],
    attributes: readonly Attribute[] = [],
  ): Tensor[] {
    const variables = tensors.map((tensor) => this.#requireVariable(type, tensor));
    const handles = variables.map(({ handle }) => handle);
    const values = inputs.map((tensor) => this.value(tensor));
    // Who reads the old value shares one read, which has to come before.
    const reads = variables.map(({ read }) => read.at[0]);
    const { op } = this.graph.add(type, [...handles, ...values], attributes, reads);
    this.#note(
      type,
      [],
      [...tensors, ...inputs].map((tensor) => this.#id(tensor)),
    );
    return variables.map(({ handle, read: { shape, dtype } }) => {
      const typed = [attribute.type('dtype', dtype)];
      const full = this.graph.value('ReadVariableOp', [handle], typed, [op]);
      return this.#wrap({ full, shape, dtype, updatedBy: { variable: handle, op } });
    });
  }

  #requireVariable(type: string, tensor: Tensor): Variable {
    const variable = this.variableOf(tensor);
    if (!variable)
      throw new CompileError(
        `op ${type}: expected a state entry, as it was at the start of the step, to update ` +
          'in place',
      );
    return variable;
  }

  /** Stands in for the native binding's executeOp. */
  #execute(
    type: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
    count: number,
  ): NativeTensorInfo[] {
    const inputs = ids.map((id) => this.#values.get(id));
    const states = inputs.map(({ dtype, full }) => ({ dtype, isHalf: full === undefined }));
    const half = this.#precision === 'bf16' ? halfOp(type, states) : undefined;
    const taken = inputs.map((input, i) =>
      half && takesHalf(half, i) ? this.#values.half(input) : this.#values.full(input),
    );
    const used = half
      ? attributes.map((a) => (a.name === 'T' ? { ...a, value: types.bfloat16 } : a))
      : attributes;
    const { outputs } = this.graph.add(type, taken, used);
    this.#note(type, attributes, ids);
    return outputs
      .slice(0, count)
      .map((value, i) => this.#output(type, value, half?.outputs.includes(i) === true));
  }

  #output(type: string, value: Value, isHalf: boolean): NativeTensorInfo {
    const { shape } = value;
    const dtype = isHalf ? types.float32 : value.dtype;
    requireHeld(`op ${type}`, dtype);
    const id = this.#values.add({ ...(isHalf ? { half: value } : { full: value }), shape, dtype });
    return { id, shape: [...shape], dtype };
  }

  /**
   * The id that stands for a tensor: a recorded one's own, or that of a constant made of a real
   * one, which stays as it is.
   */
  #id({ dataId }: Tensor): number {
    const { id, values, shape, dtype } = backend.tensorMap.get(dataId);
    if (values === null && id >= firstId) return id;
    const captured =
      this.#captured.get(dataId) ??
      this.#constant(shape, dtype, values ?? this.#real.tensorDataSync(id));
    this.#captured.set(dataId, captured);
    return captured;
  }

  #constant(shape: readonly number[], dtype: number, data: Values): number {
    const { value, held } = addConstant(this.graph, shape, dtype, data);
    const digest = createHash('sha256').update(held).digest('base64');
    this.#note(`constant ${dtype} ${shape.join('x')}`, digest, []);
    return this.#values.add({ full: value, shape, dtype });
  }

  #note(what: string, attributes: unknown, ids: readonly number[]): void {
    const inputs = ids.map((id) => id - firstId);
    this.trail.push(`${what} ${JSON.stringify(attributes)} ${inputs.join()}`);
    this.lines.push(stepLine());
  }

  #wrap(recorded: Recorded): Tensor {
    const { shape, dtype } = recorded;
    return backend.createOutputTensor({ id: this.#values.add(recorded), shape: [...shape], dtype });
  }
}

function readingError(): CompileError {
  return new CompileError(
    'reading a tensor (dataSync, arraySync, data, array, print, ...): expected no step that ' +
      'reads values, which would be those of the recording for ever; return it as a metric, or ' +
      'compute with tensors',
  );
}
