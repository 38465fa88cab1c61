import { types } from '../../attributes.ts';
import { configProto, type SessionConfig } from '../graph/config-proto.ts';
import { Graph } from '../graph/graph.ts';
import { native, type NativeRun, type Output } from '../graph/native-session.ts';
import type { Precision } from '../recording/precision.ts';
import { requireSame } from '../recording/same-recording.ts';
import type { NamedTensors } from '../../tree/tree.ts';
import { oneAtATime, type FlatProgram, type NamedSpecs, type NamedValues } from './flat-program.ts';
import { hostTensor, toTensor } from './host-tensor.ts';
import { checkedInput, checkNames } from './inputs.ts';
import type { EntryPoint } from './program.ts';
import { recordStep, type RecordedStep } from './record-step.ts';
import { declareVariables, feedOf, requireFit, variableOf } from './variables.ts';

type Feed = Parameters<typeof native.run>[1][number];

/** A run's feeds, fetches and targets; `trace`: with RunMetadata. */
interface Session {
  (
    feeds: readonly Feed[],
    fetches: readonly Output[],
    targets: readonly number[],
    trace?: boolean,
  ): Promise<NativeRun>;
}

/**
 * A program whose functions are recorded and run as graphs of one session; resource variables hold
 * the state.
 * @param like names, shapes and types of the state
 */
export function compiledProgram(
  like: NamedTensors,
  precision: Precision,
  config: SessionConfig,
): FlatProgram {
  const graph = new Graph(configProto(config));
  const variables = declareVariables(graph, like);
  const run = sessionOf(graph);
  const write = async (tensors: NamedTensors): Promise<void> => {
    const entries = Object.entries(tensors).map(([name, tensor]) => ({
      variable: requireFit(name, variableOf(variables, name), tensor),
      tensor,
    }));
    // Entry by entry, so that no second copy of the whole state comes up.
    for (const { variable, tensor } of entries)
      await run([await feedOf(variable, tensor)], [], [variable.assign]);
  };
  return {
    eager: false,
    start: write,
    write,
    compile(step, specs) {
      const began = performance.now();
      const recorded = recordStep(graph, precision, variables, step, specs);
      const scratch = new Graph(configProto(config));
      const again = recordStep(scratch, precision, declareVariables(scratch, like), step, specs);
      native.closeGraph(scratch.native);
      requireRepeatable(recorded, again);
      return entryPoint(run, recorded, specs, performance.now() - began);
    },
    async read(names) {
      const fetches = names.map((name) => variableOf(variables, name).read.at);
      const { values } = await run([], fetches, []);
      return named(names, values, (value) => toTensor(hostTensor(value)));
    },
    close() {
      native.closeGraph(graph.native);
    },
  };
}

/**
 * Runs of the graph, one at a time. TensorFlow's ops change variables each when its turn comes, so
 * that a run which fails may have changed some of them and not others.
 */
function sessionOf(graph: Graph): Session {
  const alone = oneAtATime();
  let failure: string | undefined;
  return (feeds, fetches, targets, trace = false) =>
    alone(async () => {
      if (failure !== undefined)
        throw new Error(
          'program: expected a whole state, got one that a failed step may have changed in part ' +
            `(${failure}); open a new one`,
        );
      const running = native.run(graph.native, feeds, fetches, targets, trace);
      try {
        return await running;
      } catch (error) {
        failure = (error as Error).message.split('\n', 1)[0] ?? '';
        throw error;
      }
    });
}

/** @throws CompileError about what differs from one run of the function to the next */
function requireRepeatable(first: RecordedStep, again: RecordedStep): void {
  const remedy = 'what varies has to be an input';
  requireSame(first.recording, again.recording, 'whenever the step is run', remedy);
}

function entryPoint(
  run: Session,
  { recording, inputs, outputs, targets }: RecordedStep,
  specs: NamedSpecs,
  compileMs: number,
): EntryPoint {
  const names = Object.keys(outputs);
  const fetches = Object.values(outputs);
  const call = async (values: NamedValues, trace: boolean) => {
    const result = await run(feedsOf(specs, values, inputs), fetches, targets, trace);
    return {
      outputs: named(names, result.values, hostTensor),
      started: result.started,
      ended: result.ended,
      statistics: new Uint8Array(result.statistics ?? new ArrayBuffer(0)),
    };
  };
  return {
    compileMs,
    ops: recording.trail.length,
    run: (values) => call(values, false),
    profile: (values) => call(values, true),
  };
}

/** @throws if an input is not as declared */
function feedsOf(specs: NamedSpecs, values: NamedValues, inputs: RecordedStep['inputs']): Feed[] {
  checkNames(specs, values);
  return Object.entries(specs).map(([name, spec]) => {
    const [op, output] = inputs[name] as Output;
    const data = checkedInput(name, spec, values[name]);
    return { op, output, dtype: types[spec.dtype], shape: spec.shape, data };
  });
}

type NativeValue = NativeRun['values'][number];

/** `f` of the values that a run fetched, by the names in whose order they were. */
function named<T>(
  names: readonly string[],
  values: readonly NativeValue[],
  f: (value: NativeValue) => T,
): Record<string, T> {
  return Object.fromEntries(names.map((name, i) => [name, f(values[i] as NativeValue)]));
}
