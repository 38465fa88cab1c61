import { attribute, types } from '../../attributes.ts';
import { tf, type Tensor } from '../../tensorflow.ts';
import type { NamedTensors } from '../../tree/tree.ts';
import type { Graph, Value } from '../graph/graph.ts';
import type { NativeTensor } from '../graph/native-session.ts';
import type { Ranked } from '../program/inputs.ts';
import { Recording } from '../recording/recording.ts';

/** An input of a function that is saved: null where a side may have any length. */
export interface OpenSpec {
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32';
}

/** Declarations by name. */
export type OpenSpecs = Readonly<Record<string, OpenSpec>>;

/**
 * A pure function of a tree of constants and of named inputs, as a step is (see StepFunction),
 * without state. It borrows its arguments.
 */
export type SavedFunction<Constants, Inputs extends OpenSpecs> = (
  constants: Constants,
  inputs: { readonly [Name in keyof Inputs]: Ranked<Inputs[Name]['shape']['length']> },
) => NamedTensors;

/** The same of named constants. */
export type NamedFunction = (constants: NamedTensors, inputs: NamedTensors) => NamedTensors;

/**
 * Records a function; its inputs and outputs go by their names in the graph.
 * @param length what the i-th open side is taken for
 * @param constant adds a constant to the graph
 */
export function recordOpen(
  graph: Graph,
  f: NamedFunction,
  inputs: OpenSpecs,
  length: (i: number) => number,
  values: Readonly<Record<string, NativeTensor>>,
  constant: (value: NativeTensor) => Value,
): { recording: Recording; outputs: Readonly<Record<string, Value>> } {
  const recording = new Recording(graph, 'float32');
  const outputs: Record<string, Value> = {};
  let openSides = 0;
  recording.run(() => {
    tf.tidy(() => {
      const given: Record<string, Tensor> = {};
      for (const [name, { shape, dtype }] of Object.entries(inputs)) {
        const open = shape.map((side) => side ?? -1);
        const example = shape.map((side) => side ?? length(openSides++));
        given[name] = recording.tensor(graph.openInput(name, types[dtype], open, example));
      }
      const constants: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(values))
        constants[name] = recording.tensor(constant(value));
      for (const [name, tensor] of Object.entries(f(constants, given))) {
        const value = recording.value(tensor);
        const typed = [attribute.type('T', value.dtype)];
        outputs[name] = graph.value('Identity', [value], typed, [], name);
      }
    });
  });
  return { recording, outputs };
}
