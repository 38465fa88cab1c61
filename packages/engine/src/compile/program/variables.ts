import { attribute, types } from '../../attributes.ts';
import type { Graph } from '../graph/graph.ts';
import type { NativeTensor, Output } from '../graph/native-session.ts';
import type { Recording, Variable } from '../recording/recording.ts';
import { CompileError } from '../graph/step-line.ts';
import type { NamedTensors } from '../../tree/tree.ts';
import type { Tensor } from '../../tensorflow.ts';
import { unknownEntry } from './flat-program.ts';
import type { HostTensor } from './host-tensor.ts';

/** An entry of a program's state: a resource variable of its graph. */
export interface StateVariable extends Variable {
  readonly shape: readonly number[];
  readonly dtype: HostTensor['dtype'];
  /** Where its new value is fed, and the op that takes it. */
  readonly feed: Output;
  readonly assign: number;
}

export type StateVariables = ReadonlyMap<string, StateVariable>;

/** A variable for each tensor, of its name, shape and type; their values are not set. */
export function declareVariables(graph: Graph, tensors: NamedTensors): StateVariables {
  return new Map(
    Object.entries(tensors).map(([name, tensor]) => [name, declare(graph, name, tensor)]),
  );
}

/** A variable, its one read, and how it is written from outside. */
function declare(graph: Graph, name: string, { shape, dtype }: Tensor): StateVariable {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new Error(`state ${name}: expected float32, int32 or bool, got ${dtype}`);
  const type = attribute.type('dtype', types[dtype]);
  const sides = attribute.shape('shape', shape);
  const names = [attribute.string('shared_name', name), attribute.string('container', '')];
  const handle = graph.value('VarHandleOp', [], [type, sides, ...names]);
  const read = graph.value('ReadVariableOp', [handle], [type]);
  const feed = graph.placeholder(types[dtype], shape);
  const assign = graph.add('AssignVariableOp', [handle, feed], [type]).op;
  return { handle, read, shape, dtype, feed: feed.at, assign };
}

/** @throws if there is none */
export function variableOf(variables: StateVariables, name: string): StateVariable {
  const variable = variables.get(name);
  if (!variable) throw unknownEntry(name);
  return variable;
}

/** The variable. @throws if the tensor has another shape or type */
export function requireFit(name: string, variable: StateVariable, tensor: Tensor): StateVariable {
  if (isLike(variable, tensor)) return variable;
  throw new Error(`state ${name}: expected ${typed(variable)}, got ${typed(tensor)}`);
}

/** The feed that gives the variable this value, which fits it. */
export async function feedOf(
  variable: StateVariable,
  tensor: Tensor,
): Promise<NativeTensor & { op: number; output: number }> {
  const [op, output] = variable.feed;
  const data = await tensor.data<'float32' | 'int32' | 'bool'>();
  return { op, output, dtype: types[variable.dtype], shape: variable.shape, data };
}

/**
 * Makes the tensor the variable's value from the next step on.
 * @returns the op that has to run, or undefined if nothing changed
 * @throws CompileError if it has another shape or type
 */
export function storeVariable(
  recording: Recording,
  name: string,
  variable: StateVariable,
  tensor: Tensor,
): number | undefined {
  if (recording.variableOf(tensor)?.handle === variable.handle) return undefined;
  const updated = recording.updatedBy(tensor);
  if (updated?.variable === variable.handle) return updated.op;
  if (!isLike(variable, tensor))
    throw new CompileError(
      `state ${name}: expected ${typed(variable)} after the step as before it, ` +
        `got ${typed(tensor)}`,
    );
  // After the one read that all who use the old value share.
  return recording.graph.add(
    'AssignVariableOp',
    [variable.handle, recording.value(tensor)],
    [attribute.type('dtype', variable.read.dtype)],
    [variable.read.at[0]],
  ).op;
}

type Typed = Pick<Tensor, 'dtype'> & { readonly shape: readonly number[] };

/** Whether both have the same type and shape. */
export const isLike = (one: Typed, other: Typed): boolean => typed(one) === typed(other);

/** Type and shape in words. */
export const typed = ({ dtype, shape }: Typed): string => `${dtype} [${shape.join(', ')}]`;
