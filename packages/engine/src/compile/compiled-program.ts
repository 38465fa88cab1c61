import { tf, type Tensor } from '../tensorflow.ts';
import type { NamedTensors } from '../gradients.ts';
import { configProto, type SessionConfig } from './graph/config-proto.ts';
import { attr, Graph, types, type Value } from './graph/graph.ts';
import {
  checkedInput,
  checkNames,
  hostTensor,
  toTensor,
  type InputSpec,
  type InputValue,
} from './host-tensor.ts';
import { native, type NativeRun, type NativeTensor, type Output } from './graph/native-session.ts';
import type { Precision } from './recording/precision.ts';
import type { EntryPoint, Program, StepFunction } from './program.ts';
import { Recording, type Variable } from './recording/recording.ts';
import { requireSame } from './recording/same-recording.ts';
import { CompileError } from './graph/step-line.ts';

const numbers = {
  float32: types.float32,
  int32: types.int32,
  bool: types.bool,
  uint8: types.uint8,
} as const;

interface Entry extends Variable {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Where its new value is fed, and the op that takes it. */
  readonly feed: Output;
  readonly assign: number;
}

/**
 * Programs whose functions are recorded and run as graphs of one session; resource variables hold
 * the state.
 */
export function compiledProgram(
  start: NamedTensors,
  precision: Precision,
  config: SessionConfig,
): Program & { start(state: NamedTensors): Promise<void> } {
  const graph = new Graph(configProto(config));
  const entries = new Map<string, Entry>(
    Object.entries(start).map(([name, tensor]) => [name, declare(graph, name, tensor)]),
  );
  let busy = false;

  const run = async (
    feeds: readonly (NativeTensor & { op: number; output: number })[],
    fetches: readonly Output[],
    targets: readonly number[],
    trace = false,
  ): Promise<NativeRun> => {
    if (busy)
      throw new Error(
        'program: expected one run at a time, got another while one is under way; await it first',
      );
    busy = true;
    try {
      return await native.run(graph.native, feeds, fetches, targets, trace);
    } finally {
      busy = false;
    }
  };

  const write = async (tensors: NamedTensors): Promise<void> => {
    // Entry by entry, so that no second copy of the whole state comes up.
    for (const [name, tensor] of Object.entries(tensors)) {
      const entry = require(entries, name);
      if (tensor.dtype !== entry.dtype || tensor.shape.join() !== entry.shape.join()) {
        throw new Error(
          `state ${name}: expected ${entry.dtype} [${entry.shape.join(', ')}], got ` +
            `${tensor.dtype} [${tensor.shape.join(', ')}]`,
        );
      }
      const data = (await tensor.data()) as Float32Array;
      await run(
        [
          {
            op: entry.feed[0],
            output: entry.feed[1],
            dtype: numbers[entry.dtype],
            shape: entry.shape,
            data,
          },
        ],
        [],
        [entry.assign],
      );
    }
  };

  const compile = (step: StepFunction, specs: Readonly<Record<string, InputSpec>>): EntryPoint => {
    const began = performance.now();
    const first = record(graph, precision, entries, step, specs);
    // A second recording, thrown away, finds whatever differs from one run of the function to the
    // next.
    const scratch = new Graph(configProto(config));
    const again = record(
      scratch,
      precision,
      new Map(
        Object.entries(start).map(([name, tensor]) => [name, declare(scratch, name, tensor)]),
      ),
      step,
      specs,
    );
    native.closeGraph(scratch.native);
    requireSame(
      first.recording,
      again.recording,
      'whenever the step is run',
      'what varies has to be an input',
    );

    const { inputs, outputs, targets } = first;
    const names = Object.keys(outputs),
      fetches = Object.values(outputs).map(({ at }) => at);
    const call = async (values: Readonly<Record<string, InputValue>>, trace: boolean) => {
      checkNames(specs, values);
      const feeds = Object.entries(specs).map(([name, spec]) => {
        const [op, output] = (inputs[name] as Value).at;
        return {
          op,
          output,
          dtype: numbers[spec.dtype],
          shape: spec.shape,
          data: checkedInput(name, spec, values[name]),
        };
      });
      const result = await run(feeds, fetches, targets, trace);
      return {
        outputs: Object.fromEntries(
          names.map((name, i) => [
            name,
            hostTensor(result.values[i] as NativeRun['values'][number]),
          ]),
        ),
        started: result.started,
        ended: result.ended,
        statistics: new Uint8Array(result.statistics ?? new ArrayBuffer(0)),
      };
    };
    return {
      compileMs: performance.now() - began,
      ops: first.recording.trail.length,
      run: (values) => call(values, false),
      profile: (values) => call(values, true),
    };
  };

  return {
    eager: false,
    start: write,
    compile,
    write,
    async read(names = [...entries.keys()]) {
      const chosen = names.map((name) => require(entries, name));
      const { values } = await run(
        [],
        chosen.map(({ read }) => read.at),
        [],
      );
      return Object.fromEntries(
        names.map((name, i) => [
          name,
          toTensor(hostTensor(values[i] as NativeRun['values'][number])),
        ]),
      );
    },
    close() {
      native.closeGraph(graph.native);
    },
  };
}

/** A variable, its one read, and how it is written from outside. */
function declare(graph: Graph, name: string, tensor: Tensor): Entry {
  const { shape, dtype } = tensor;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new Error(`state ${name}: expected float32, int32 or bool, got ${dtype}`);
  const type = attr.type('dtype', numbers[dtype]);
  const handle = only(
    graph.add(
      'VarHandleOp',
      [],
      [
        type,
        attr.shape('shape', shape),
        attr.string('shared_name', name),
        attr.string('container', ''),
      ],
    ),
  );
  const read = only(graph.add('ReadVariableOp', [handle], [type]));
  const feed = only(graph.add('Placeholder', [], [type, attr.shape('shape', shape)]));
  const assign = graph.add('AssignVariableOp', [handle, feed], [type]).op;
  return { handle, read, shape, dtype, feed: feed.at, assign };
}

/**
 * Records the function: where inputs go in, where outputs come out, and which ops must run besides.
 */
function record(
  graph: Graph,
  precision: Precision,
  entries: ReadonlyMap<string, Entry>,
  step: StepFunction,
  specs: Readonly<Record<string, InputSpec>>,
) {
  const recording = new Recording(graph, precision);
  const inputs: Record<string, Value> = {};
  const outputs: Record<string, Value> = {};
  const targets: number[] = [];
  recording.run(() => {
    tf.tidy(() => {
      const given: Record<string, Tensor> = {};
      for (const [name, { shape, dtype }] of Object.entries(specs)) {
        const placeholder = only(
          graph.add(
            'Placeholder',
            [],
            [attr.type('dtype', numbers[dtype]), attr.shape('shape', shape)],
          ),
        );
        inputs[name] = placeholder;
        given[name] = recording.tensor(
          dtype === 'uint8'
            ? only(
                graph.add(
                  'Cast',
                  [placeholder],
                  [attr.type('SrcT', types.uint8), attr.type('DstT', types.float32)],
                ),
              )
            : placeholder,
        );
      }
      const state = Object.fromEntries(
        [...entries].map(([name, entry]) => [name, recording.variable(entry)]),
      );
      const result = step(state, given);
      for (const [name, tensor] of Object.entries(result.state ?? {})) {
        const target = store(recording, name, require(entries, name), tensor);
        if (target !== undefined) targets.push(target);
      }
      // An output may be an input or a variable as it is, which cannot be fetched while it is fed
      // or written.
      for (const [name, tensor] of Object.entries(result.outputs))
        outputs[name] = only(graph.add('Identity', [recording.value(tensor)]));
    });
  });
  return { recording, inputs, outputs, targets };
}

/**
 * Makes the tensor the entry's value from the next step on.
 * @returns the op that has to run, or undefined if nothing changed
 */
function store(
  recording: Recording,
  name: string,
  entry: Entry,
  tensor: Tensor,
): number | undefined {
  if (recording.variableOf(tensor)?.handle === entry.handle) return undefined;
  const updated = recording.updatedBy(tensor);
  if (updated?.variable === entry.handle) return updated.op;
  if (tensor.dtype !== entry.dtype || tensor.shape.join() !== entry.shape.join()) {
    throw new CompileError(
      `state ${name}: expected ${entry.dtype} [${entry.shape.join(', ')}] after the step as ` +
        `before it, got ${tensor.dtype} [${tensor.shape.join(', ')}]`,
    );
  }
  // After the one read that all who use the old value share.
  return recording.graph.add(
    'AssignVariableOp',
    [entry.handle, recording.value(tensor)],
    [attr.type('dtype', entry.read.dtype)],
    [entry.read.at[0]],
  ).op;
}

function require(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (!entry)
    throw new Error(`state ${name}: expected one of the program's entries, got another name`);
  return entry;
}

function only({ outputs }: { outputs: Value[] }): Value {
  return outputs[0] as Value;
}
