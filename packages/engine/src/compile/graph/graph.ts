import { attribute, type Attribute } from '../../attributes.ts';
import { native, type NativeGraph, type NativeTensor, type Output } from './native-session.ts';
import { readMessages, readText } from './protobuf.ts';
import { CompileError } from './step-line.ts';

/** A value of the graph: an op's output with its type and shape, all sides known. */
export interface Value {
  readonly at: Output;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Outputs that only the op's own gradient takes, whose shape is nobody else's business. */
const opaque: Readonly<Record<string, readonly number[]>> = { FusedBatchNormV3: [3, 4, 5] };

/**
 * A TensorFlow graph under construction. Shapes are inferred as ops are added; equal constants
 * become one.
 */
export class Graph {
  readonly native: NativeGraph;
  #serial = 0;
  readonly #constants = new Map<string, Value>();
  /** For each type of op, which of its arguments are lists. */
  readonly #lists = new Map<string, readonly boolean[]>();

  /** @param config a serialised ConfigProto for the session */
  constructor(config: Uint8Array) {
    this.native = native.createGraph(config);
  }

  /**
   * @param inputs in the op's order; the elements of a list argument one after another, as in
   *   TensorFlow's eager mode
   * @param controls ops that must have run before
   * @param name of the op in the graph, if it matters
   * @returns the op's number and its outputs
   * @throws CompileError with TensorFlow's message, or if a side of an output is not known without
   *   running the step
   */
  add(
    type: string,
    inputs: readonly Value[],
    attributes: readonly Attribute[] = [],
    controls: readonly number[] = [],
    name = `${type}_${this.#serial++}`,
  ): { op: number; outputs: Value[] } {
    try {
      const grouped = this.#arguments(type, inputs);
      const added = native.addOp(this.native, type, name, grouped, controls, attributes);
      const outputs = added.outputs.map(({ dtype, shape }, i): Value => {
        const at: Output = [added.op, i];
        return { at, dtype, shape: opaque[type]?.includes(i) ? [0] : known(type, shape) };
      });
      return { op: added.op, outputs };
    } catch (error) {
      if (error instanceof CompileError) throw error;
      throw new CompileError(`op ${type}: ${(error as Error).message}`);
    }
  }

  /** The output of an op that has one; as `add`. */
  value(...op: Parameters<Graph['add']>): Value {
    return this.add(...op).outputs[0] as Value;
  }

  /** An input of the graph. */
  placeholder(dtype: number, shape: readonly number[]): Value {
    const attributes = [attribute.type('dtype', dtype), attribute.shape('shape', shape)];
    return this.value('Placeholder', [], attributes);
  }

  /**
   * An input of which some sides are open (-1). While ops are added they are taken for those of
   * `example`, as a step's code may ask for them; the graph that is saved has them open.
   */
  openInput(
    name: string,
    dtype: number,
    shape: readonly number[],
    example: readonly number[],
  ): Value {
    const attributes = [attribute.type('dtype', dtype), attribute.shape('shape', shape)];
    const { op } = native.addOp(this.native, 'Placeholder', name, [], [], attributes);
    native.assumeShape(this.native, [op, 0], example);
    return { at: [op, 0], dtype, shape: example };
  }

  /** A constant; one of at most 64 bytes that was there already is taken again. */
  constant(value: NativeTensor): Value {
    const { dtype, shape, data } = value;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const key =
      data.byteLength <= 64 ? `${dtype} ${shape.join('x')} ${bytes.toString('base64')}` : undefined;
    const found = key === undefined ? undefined : this.#constants.get(key);
    if (found) return found;
    const { op } = native.addConst(this.native, `const_${this.#serial++}`, value);
    const made: Value = { at: [op, 0], dtype, shape: [...shape] };
    if (key !== undefined) this.#constants.set(key, made);
    return made;
  }

  /** Groups the elements of list arguments, by the op's definition. */
  #arguments(type: string, inputs: readonly Value[]): (Output | Output[])[] {
    const lists = this.#listsOf(type);
    const listCount = lists.filter(Boolean).length;
    if (listCount === 0) return inputs.map(({ at }) => at);
    if (listCount > 1)
      throw new CompileError(`op ${type}: expected at most one list argument, got ${listCount}`);
    const listLength = inputs.length - (lists.length - 1);
    let next = 0;
    return lists.map((list) => {
      const part = inputs.slice(next, next + (list ? listLength : 1)).map(({ at }) => at);
      next += part.length;
      return list ? part : (part[0] as Output);
    });
  }

  /** OpDef { input_arg = 2 { number_attr = 5, type_list_attr = 6 } } (op_def.proto). */
  #listsOf(type: string): readonly boolean[] {
    const there = this.#lists.get(type);
    if (there) return there;
    const definition = new Uint8Array(native.opDef(this.native, type));
    const lists = readMessages(definition, 2).map(
      (argument) => readText(argument, 5) !== '' || readText(argument, 6) !== '',
    );
    this.#lists.set(type, lists);
    return lists;
  }
}

/** @throws unless all sides are known */
function known(type: string, shape: readonly number[] | null): readonly number[] {
  if (shape?.every((side) => side >= 0)) return shape;
  const sides = shape?.map((side) => (side < 0 ? '?' : side));
  throw new CompileError(
    `op ${type}: expected a shape that is the same in every step, got ` +
      `${sides ? `[${sides.join(', ')}]` : 'one of unknown rank'}; it depends on values`,
  );
}
