import { attribute, types } from '../../attributes.ts';
import { backend, type Values } from '../../native.ts';
import type { Tensor } from '../../tensorflow.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { CompileError } from '../graph/step-line.ts';
import { requireHeld } from './values.ts';

/** Constants above this are taken for an accident: data that should be an input or state. */
const largestConstant = 2 ** 20;
/** More values than this that are all alike are filled in the graph. */
const longestUniform = 1024;

/** Values, not yet in a native tensor, that are meant to be constants. */
const intended = new WeakSet();

/**
 * A tensor that is a constant of the step on purpose, and so may be larger than 1 MiB.
 * @param make makes it from values
 */
export function constant<T extends Tensor>(make: () => T): T {
  const tensor = make();
  const { values } = backend.tensorMap.get(tensor.dataId);
  if (values) intended.add(values);
  return tensor;
}

/**
 * Adds values that a step made or captured to its graph.
 * @param dtype one of `types`
 * @returns the constant, and the values that the graph holds for it
 * @throws CompileError if they are of a type that tfjs has not, or more than 1 MiB by accident
 */
export function addConstant(
  graph: Graph,
  shape: readonly number[],
  dtype: number,
  data: Values,
): { value: Value; held: Values } {
  requireHeld('constant', dtype);
  // tf.ones and tf.zerosLike, which gradients make in the shape of activations, are filled in the
  // graph.
  const isUniform = data.length > longestUniform && data.every((value) => value === data[0]);
  if (!isUniform && !intended.has(data)) requireSmall(shape, dtype, data);
  const held = asType(dtype, isUniform ? data.subarray(0, 1) : data);
  const value = isUniform
    ? fill(graph, shape, graph.constant({ dtype, shape: [], data: held }))
    : graph.constant({ dtype, shape, data: held });
  return { value, held };
}

function requireSmall(shape: readonly number[], dtype: number, { length }: Values): void {
  if (length * (dtype === types.bool ? 1 : 4) <= largestConstant) return;
  throw new CompileError(
    `constant [${shape.join(', ')}]: expected at most 1 MiB of values made in the step or ` +
      `captured by it, got ${((length * 4) / largestConstant).toFixed(1)} MiB; make it an input ` +
      'or state, or say constant()',
  );
}

/** A copy in the array that goes with the type. */
function asType(dtype: number, data: Values): Values {
  if (dtype === types.int32) return new Int32Array(data);
  return dtype === types.bool ? new Uint8Array(data) : new Float32Array(data);
}

function fill(graph: Graph, shape: readonly number[], value: Value): Value {
  const data = new Int32Array(shape);
  const sides = graph.constant({ dtype: types.int32, shape: [shape.length], data });
  const attributes = [attribute.type('T', value.dtype), attribute.type('index_type', types.int32)];
  return graph.value('Fill', [sides, value], attributes);
}
