import { createRequire } from 'node:module';
import { CompileError } from './step-line.ts';
import {
  native,
  type NativeAttribute,
  type NativeGraph,
  type NativeTensor,
  type Output,
} from './native-session.ts';

/** A value of the graph: an op's output with its type and shape, all sides known. */
export interface Value {
  readonly at: Output;
  readonly dtype: number;
  readonly shape: readonly number[];
}

interface OpDef {
  getInputArgList(): { getNumberAttr(): string; getTypeListAttr(): string }[];
}
const { OpDef } = createRequire(import.meta.url)(
  '@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js',
) as { OpDef: { deserializeBinary(bytes: Uint8Array): OpDef } };

/** TensorFlow's numbers of the types (TF_DataType). */
export const types = {
  float32: 1,
  uint8: 4,
  int32: 3,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;
/** TF_AttrType. */
const attrTypes = { int: 1, float: 2, bool: 3, type: 4, shape: 5, string: 0 } as const;

export const attr = {
  type: (name: string, value: number): NativeAttribute => ({ name, type: attrTypes.type, value }),
  bool: (name: string, value: boolean): NativeAttribute => ({ name, type: attrTypes.bool, value }),
  shape: (name: string, value: readonly number[]): NativeAttribute => ({
    name,
    type: attrTypes.shape,
    value,
  }),
  string: (name: string, value: string): NativeAttribute => ({
    name,
    type: attrTypes.string,
    value,
  }),
};

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
  readonly #lists = new Map<string, boolean[]>();

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
    attributes: readonly NativeAttribute[] = [],
    controls: readonly number[] = [],
    name = `${type}_${this.#serial++}`,
  ): { op: number; outputs: Value[] } {
    try {
      const { op, outputs } = native.addOp(
        this.native,
        type,
        name,
        this.#arguments(type, inputs),
        controls,
        attributes,
      );
      return {
        op,
        outputs: outputs.map(({ dtype, shape }, i) => ({
          at: [op, i],
          dtype,
          shape: opaque[type]?.includes(i) ? [0] : known(type, shape),
        })),
      };
    } catch (error) {
      if (error instanceof CompileError) throw error;
      throw new CompileError(`op ${type}: ${(error as Error).message}`);
    }
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
    const { op } = native.addOp(
      this.native,
      'Placeholder',
      name,
      [],
      [],
      [attr.type('dtype', dtype), attr.shape('shape', shape)],
    );
    native.assumeShape(this.native, [op, 0], example);
    return { at: [op, 0], dtype, shape: example };
  }

  constant(value: NativeTensor): Value {
    const bytes = Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength);
    const key =
      value.data.byteLength <= 64
        ? `${value.dtype} ${value.shape.join('x')} ${bytes.toString('base64')}`
        : undefined;
    const found = key === undefined ? undefined : this.#constants.get(key);
    if (found) return found;
    const { op } = native.addConst(this.native, `const_${this.#serial++}`, value);
    const made: Value = { at: [op, 0], dtype: value.dtype, shape: [...value.shape] };
    if (key !== undefined) this.#constants.set(key, made);
    return made;
  }

  /** Groups the elements of list arguments, by the op's definition. */
  #arguments(type: string, inputs: readonly Value[]): (Output | Output[])[] {
    let lists = this.#lists.get(type);
    if (!lists) {
      const args = OpDef.deserializeBinary(
        new Uint8Array(native.opDef(this.native, type)),
      ).getInputArgList();
      lists = args.map((arg) => arg.getNumberAttr() !== '' || arg.getTypeListAttr() !== '');
      this.#lists.set(type, lists);
    }
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
}

function known(type: string, shape: readonly number[] | null): readonly number[] {
  if (shape === null || shape.some((side) => side < 0)) {
    throw new CompileError(
      `op ${type}: expected a shape that is the same in every step, got ` +
        `${shape === null ? 'one of unknown rank' : `[${shape.map((side) => (side < 0 ? '?' : side)).join(', ')}]`}; ` +
        'it depends on values',
    );
  }
  return shape;
}
