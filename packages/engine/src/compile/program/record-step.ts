import { attribute, types } from '../../attributes.ts';
import type { Graph, Value } from '../graph/graph.ts';
import type { Output } from '../graph/native-session.ts';
import type { Precision } from '../recording/precision.ts';
import { Recording } from '../recording/recording.ts';
import { tf, type Tensor } from '../../tensorflow.ts';
import type { NamedSpecs, NamedStep } from './flat-program.ts';
import { storeVariable, variableOf, type StateVariables } from './variables.ts';

/** A step function as ops of a graph. */
export interface RecordedStep {
  readonly recording: Recording;
  /** Where inputs go in and outputs come out, by name. */
  readonly inputs: Readonly<Record<string, Output>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Ops that must run besides those that outputs need. */
  readonly targets: readonly number[];
}

export function recordStep(
  graph: Graph,
  precision: Precision,
  variables: StateVariables,
  step: NamedStep,
  specs: NamedSpecs,
): RecordedStep {
  const recording = new Recording(graph, precision);
  const inputs: Record<string, Output> = {};
  const outputs: Record<string, Output> = {};
  const targets: number[] = [];
  recording.run(() => {
    tf.tidy(() => {
      const given: Record<string, Tensor> = {};
      for (const [name, spec] of Object.entries(specs)) {
        const placeholder = graph.placeholder(types[spec.dtype], spec.shape);
        inputs[name] = placeholder.at;
        given[name] = recording.tensor(
          spec.dtype === 'uint8' ? asFloat(graph, placeholder) : placeholder,
        );
      }
      const state = Object.fromEntries(
        [...variables].map(([name, variable]) => [name, recording.variable(variable)]),
      );
      const result = step(state, given);
      for (const [name, tensor] of Object.entries(result.state)) {
        const target = storeVariable(recording, name, variableOf(variables, name), tensor);
        if (target !== undefined) targets.push(target);
      }
      // An output may be an input or a variable as it is, which cannot be fetched while it is fed
      // or written.
      for (const [name, tensor] of Object.entries(result.outputs))
        outputs[name] = graph.value('Identity', [recording.value(tensor)]).at;
    });
  });
  return { recording, inputs, outputs, targets };
}

function asFloat(graph: Graph, bytes: Value): Value {
  const attributes = [attribute.type('SrcT', types.uint8), attribute.type('DstT', types.float32)];
  return graph.value('Cast', [bytes], attributes);
}
