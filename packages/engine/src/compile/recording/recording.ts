import { createHash } from 'node:crypto';
import { backend, type Attribute } from '../../native.ts';
import { tf, type Tensor } from '../../tensorflow.ts';
import { attr, types, type Graph, type Value } from '../graph/graph.ts';
import { halfOps, type Precision } from './precision.ts';
import { CompileError, stepLine } from '../graph/step-line.ts';

/** Constants above this are taken for an accident: data that should be an input or state. */
const largestConstant = 2 ** 20;
/** Ids of recorded tensors, far above those of real ones. */
const firstId = 2 ** 30;
/**
 * Functions of tfjs that draw from a generator of JavaScript, whose numbers the graph would repeat
 * for ever.
 */
const randomFunctions = new Set([
  'rand',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'randomGamma',
  'truncatedNormal',
  'multinomial',
  'dropout',
]);

type Data = Float32Array | Int32Array | Uint8Array;
/** What tfjs-node's backend calls its native binding for. */
export interface Binding {
  executeOp(
    type: string,
    attributes: Attribute[],
    ids: number[],
    outputs: number,
  ): { id: number; shape: number[]; dtype: number }[];
  createTensor(shape: number[], dtype: number, values: Data): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Data;
}

/** The part of tfjs-node's backend that a recording replaces or asks. */
const node = backend as unknown as {
  binding: Binding;
  readonly tensorMap: {
    get(dataId: object): {
      readonly id: number;
      readonly values: Data | null;
      readonly shape: number[];
      readonly dtype: number;
    };
  };
  getInputTensorIds?: (tensors: Tensor[]) => number[];
  read?: (dataId: object) => Promise<unknown>;
  createOutputTensor(info: { id: number; shape: number[]; dtype: number }): Tensor;
};

/**
 * A recorded tensor: its value in float32 (or its own type) and in bfloat16; what is missing is
 * cast when asked for.
 */
interface Recorded {
  full: Value | undefined;
  half: Value | undefined;
  readonly shape: readonly number[];
  readonly dtype: number;
  /** The op that updated a variable in place, if this is its value from then on. */
  readonly updatedBy?: { readonly variable: Value; readonly op: number };
}

/** A variable of the graph and the tensor that stands for its value at the start of the step. */
export interface Variable {
  readonly handle: Value;
  readonly read: Value;
}

/** Values, not yet in a native tensor, that are meant to be constants. */
const intended = new WeakSet();

/**
 * A tensor that is a constant of the step on purpose, and so may be larger than 1 MiB.
 * @param make makes it from values
 */
export function constant<T extends Tensor>(make: () => T): T {
  const tensor = make();
  const { values } = node.tensorMap.get((tensor as unknown as { dataId: object }).dataId);
  if (values) intended.add(values);
  return tensor;
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
  readonly #real = node.binding;
  readonly #tensors = new Map<number, Recorded>();
  readonly #variables = new Map<number, Variable>();
  /**
   * Tensors that are no results of recorded ops, by their data, and the constants that stand for
   * them.
   */
  readonly #captured = new WeakMap<object, number>();
  /** What the step did, in words, to be compared with a second recording. */
  readonly trail: string[] = [];
  readonly lines: (string | undefined)[] = [];
  #nextId = firstId;
  #violation: CompileError | undefined;

  constructor(graph: Graph, precision: Precision) {
    this.graph = graph;
    this.#precision = precision;
  }

  /** Runs `f` and records it. @throws CompileError about what cannot be recorded */
  run<T>(f: () => T): T {
    if (current) throw new CompileError('expected no recording inside a recording');
    const engine = tf.engine() as unknown as { startScope(name?: string): void };
    const random = Math.random;
    const startScope = engine.startScope.bind(engine);
    node.binding = this.#binding();
    node.getInputTensorIds = (tensors) => tensors.map((tensor) => this.#id(tensor));
    node.read = () => {
      this.#violation ??= this.#reading();
      return new Promise(() => undefined); // the recording fails; nobody shall go on with a value
    };
    engine.startScope = (name?: string) => {
      const called = name?.replace(/(_|__op)$/, '') ?? '';
      if (randomFunctions.has(called))
        throw new CompileError(
          `${called}: expected no random op of JavaScript in a step, whose numbers would be ` +
            'the same in every step; draw outside and pass them as an input',
        );
      startScope(name);
    };
    Math.random = () => {
      throw new CompileError(
        'Math.random: expected no random numbers of JavaScript in a step, which would be the ' +
          'same in every step; draw outside and pass them as an input',
      );
    };
    setCurrent(this);
    try {
      const result = f();
      if (this.#violation) throw this.#violation;
      return result;
    } finally {
      setCurrent(undefined);
      Math.random = random;
      delete (engine as { startScope?: unknown }).startScope;
      delete node.read;
      delete node.getInputTensorIds;
      node.binding = this.#real;
    }
  }

  /** A tensor of tfjs that stands for a value of the graph; make it inside `run`. */
  tensor(value: Value): Tensor {
    return this.#wrap({ full: value, half: undefined, shape: value.shape, dtype: value.dtype });
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
    return this.#full(this.#resolve(this.#id(tensor)));
  }

  /** The op that made this the variable's value in place, or undefined. */
  updatedBy(tensor: Tensor): { readonly variable: Value; readonly op: number } | undefined {
    return this.#tensors.get(this.#id(tensor))?.updatedBy;
  }

  /**
   * Adds an op that updates variables in place.
   * @param variables the op's first inputs: their values at the start of the step
   * @returns their values from then on
   */
  update(
    type: string,
    variables: readonly Tensor[],
    inputs: readonly Tensor[],
    attributes: Parameters<Graph['add']>[2] = [],
  ): Tensor[] {
    const handles = variables.map((tensor) => {
      const variable = this.variableOf(tensor);
      if (!variable)
        throw new CompileError(
          `op ${type}: expected a state entry, as it was at the start of the step, to update ` +
            'in place',
        );
      return variable;
    });
    // Who reads the old value shares one read, which has to come before.
    const { op } = this.graph.add(
      type,
      [...handles.map(({ handle }) => handle), ...inputs.map((tensor) => this.value(tensor))],
      attributes,
      handles.map(({ read }) => read.at[0]),
    );
    this.#note(type, [], variables.map((t) => this.#id(t)).concat(inputs.map((t) => this.#id(t))));
    return handles.map(({ handle, read }) => {
      const { outputs } = this.graph.add(
        'ReadVariableOp',
        [handle],
        [attr.type('dtype', read.dtype)],
        [op],
      );
      return this.#wrap({
        full: outputs[0],
        half: undefined,
        shape: read.shape,
        dtype: read.dtype,
        updatedBy: { variable: handle, op },
      });
    });
  }

  #binding(): Binding {
    const real = this.#real as unknown as Record<string, unknown>;
    // The binding's own properties are read-only, so a copy stands in for it.
    const copy: Record<string, unknown> = {};
    for (const key of Object.getOwnPropertyNames(real)) copy[key] = real[key];
    return Object.assign(copy as unknown as Binding, {
      executeOp: this.#execute.bind(this),
      deleteTensor: (id: number) => {
        if (id < firstId) this.#real.deleteTensor(id);
      },
      tensorDataSync: (id: number) => {
        if (id >= firstId) throw this.#reading();
        return this.#real.tensorDataSync(id);
      },
    });
  }

  #execute(
    type: string,
    attributes: Attribute[],
    ids: number[],
    count: number,
  ): { id: number; shape: number[]; dtype: number }[] {
    const inputs = ids.map((id) => this.#resolve(id));
    const mode = this.#precision === 'bf16' ? halfOps[type] : undefined;
    const takesHalf = (i: number) => (mode?.inputs === 'all' || mode?.inputs.includes(i)) === true;
    const floats = inputs.every((input, i) => !takesHalf(i) || input.dtype === types.float32);
    const inHalf =
      mode !== undefined &&
      floats &&
      (!mode.follow || inputs.some((input, i) => takesHalf(i) && input.full === undefined));
    const values = inputs.map((input, i) =>
      inHalf && takesHalf(i) ? this.#half(input) : this.#full(input),
    );
    const used = inHalf
      ? attributes.map((a) => (a.name === 'T' ? { ...a, value: types.bfloat16 } : a))
      : attributes;
    const { outputs } = this.graph.add(type, values, used);
    this.#note(type, attributes, ids);
    return outputs.slice(0, count).map((value, i) => {
      const isHalf = inHalf && mode.outputs.includes(i);
      const dtype = isHalf ? types.float32 : value.dtype;
      if (dtype !== types.float32 && dtype !== types.int32 && dtype !== types.bool)
        throw new CompileError(
          `op ${type}: expected float32, int32 or bool values, got TensorFlow's type ${dtype}, ` +
            'which a step cannot hold',
        );
      const id = this.#add({
        full: isHalf ? undefined : value,
        half: isHalf ? value : undefined,
        shape: value.shape,
        dtype,
      });
      return { id, shape: [...value.shape], dtype };
    });
  }

  #create(shape: number[], dtype: number, data: Data): number {
    if (dtype !== types.float32 && dtype !== types.int32 && dtype !== types.bool)
      throw new CompileError(
        `constant: expected float32, int32 or bool values, got TensorFlow's type ${dtype}, ` +
          'which a step cannot hold',
      );
    // tf.ones and tf.zerosLike, which gradients make in the shape of activations, are filled in the
    // graph.
    const uniform = data.length > 1024 && data.every((value) => value === data[0]);
    if (
      !uniform &&
      data.length * (dtype === types.bool ? 1 : 4) > largestConstant &&
      !intended.has(data)
    ) {
      throw new CompileError(
        `constant [${shape.join(', ')}]: expected at most 1 MiB of values made in the step or ` +
          `captured by it, got ${((data.length * 4) / largestConstant).toFixed(1)} MiB; make it ` +
          'an input or state, or say constant()',
      );
    }
    const given = uniform ? data.subarray(0, 1) : data;
    const values =
      dtype === types.int32
        ? new Int32Array(given)
        : dtype === types.bool
          ? new Uint8Array(given)
          : new Float32Array(given);
    const value = uniform
      ? this.#fill(shape, this.graph.constant({ dtype, shape: [], data: values }))
      : this.graph.constant({ dtype, shape, data: values });
    this.#note(
      `constant ${dtype} ${shape.join('x')}`,
      createHash('sha256').update(values).digest('base64'),
      [],
    );
    return this.#add({ full: value, half: undefined, shape, dtype });
  }

  #fill(shape: number[], value: Value): Value {
    const dims = this.graph.constant({
      dtype: types.int32,
      shape: [shape.length],
      data: new Int32Array(shape),
    });
    return this.graph.add(
      'Fill',
      [dims, value],
      [attr.type('T', value.dtype), attr.type('index_type', types.int32)],
    ).outputs[0] as Value;
  }

  #note(what: string, attributes: unknown, ids: readonly number[]): void {
    this.trail.push(
      `${what} ${JSON.stringify(attributes)} ${ids.map((id) => id - firstId).join()}`,
    );
    this.lines.push(stepLine());
  }

  #reading(): CompileError {
    return new CompileError(
      'reading a tensor (dataSync, arraySync, data, array, print, ...): expected no step that ' +
        'reads values, which would be those of the recording for ever; return it as a metric, or ' +
        'compute with tensors',
    );
  }

  #resolve(id: number): Recorded {
    const recorded = this.#tensors.get(id);
    if (!recorded)
      throw new CompileError('expected tensors of this step, got one of another recording');
    return recorded;
  }

  /**
   * The id that stands for a tensor: a recorded one's own, or that of a constant made of a real
   * one, which stays as it is.
   */
  #id(tensor: Tensor): number {
    const { dataId } = tensor as unknown as { dataId: object };
    const { id, values, shape, dtype } = node.tensorMap.get(dataId);
    if (values === null && id >= firstId) return id;
    const captured =
      this.#captured.get(dataId) ??
      this.#create(shape, dtype, values ?? this.#real.tensorDataSync(id));
    this.#captured.set(dataId, captured);
    return captured;
  }

  #full(recorded: Recorded): Value {
    recorded.full ??= this.#cast(recorded.half as Value, types.float32);
    return recorded.full;
  }

  #half(recorded: Recorded): Value {
    recorded.half ??= this.#cast(recorded.full as Value, types.bfloat16);
    return recorded.half;
  }

  #cast(value: Value, to: number): Value {
    return this.graph.add('Cast', [value], [attr.type('SrcT', value.dtype), attr.type('DstT', to)])
      .outputs[0] as Value;
  }

  #add(recorded: Recorded): number {
    const id = this.#nextId++;
    this.#tensors.set(id, recorded);
    return id;
  }

  #wrap(recorded: Recorded): Tensor {
    return node.createOutputTensor({
      id: this.#add(recorded),
      shape: [...recorded.shape],
      dtype: recorded.dtype,
    });
  }
}
