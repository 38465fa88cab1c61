import { attribute, types } from '../../attributes.ts';
import { CompileError } from '../graph/step-line.ts';
import type { Graph, Value } from '../graph/graph.ts';

/** Ids of recorded tensors begin here, far above those of real ones. */
export const firstId = 2 ** 30;

/**
 * A recorded tensor: its value in float32 (or its own type) and in bfloat16; what is missing is
 * cast when asked for.
 */
export interface Recorded {
  full?: Value;
  half?: Value;
  readonly shape: readonly number[];
  readonly dtype: number;
  /** The op that updated a variable in place, if this is its value from then on. */
  readonly updatedBy?: { readonly variable: Value; readonly op: number };
}

/** The recorded tensors of a step, by the ids that tfjs has for them. */
export class RecordedValues {
  readonly #graph: Graph;
  readonly #recorded = new Map<number, Recorded>();
  #nextId = firstId;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** @returns its id */
  add(recorded: Recorded): number {
    const id = this.#nextId++;
    this.#recorded.set(id, recorded);
    return id;
  }

  /** @throws CompileError if there is none of this id */
  get(id: number): Recorded {
    const recorded = this.#recorded.get(id);
    if (!recorded)
      throw new CompileError('expected tensors of this step, got one of another recording');
    return recorded;
  }

  /** Its value, float32 where it is a float. */
  full(recorded: Recorded): Value {
    recorded.full ??= this.#cast(recorded.half as Value, types.float32);
    return recorded.full;
  }

  /** Its value in bfloat16. */
  half(recorded: Recorded): Value {
    recorded.half ??= this.#cast(recorded.full as Value, types.bfloat16);
    return recorded.half;
  }

  #cast(value: Value, to: number): Value {
    const attributes = [attribute.type('SrcT', value.dtype), attribute.type('DstT', to)];
    return this.#graph.value('Cast', [value], attributes);
  }
}

/** @throws CompileError unless tfjs has tensors of this type. @param what the op, in words */
export function requireHeld(what: string, dtype: number): void {
  if (dtype !== types.float32 && dtype !== types.int32 && dtype !== types.bool)
    throw new CompileError(
      `${what}: expected float32, int32 or bool values, got TensorFlow's type ${dtype}, which a ` +
        'step cannot hold',
    );
}
