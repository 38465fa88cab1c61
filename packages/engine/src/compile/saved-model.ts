import { existsSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tensorflowVersion } from '../native.ts';
import { inOneStep } from '../runtime/in-one-step.ts';
import type { NamedTensors } from '../tree/tree.ts';
import { tf, type Tensor } from '../tensorflow.ts';
import { configProto } from './graph/config-proto.ts';
import { attr, Graph, types, type Value } from './graph/graph.ts';
import { native, type NativeTensor } from './graph/native-session.ts';
import { bytes, message, varint, type Fields } from './graph/protobuf.ts';
import { Recording } from './recording/recording.ts';
import { requireSame } from './recording/same-recording.ts';

/** An input of a function that is saved: null where a side may have any length. */
export interface OpenSpec {
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32';
}

/**
 * A pure function of named constants and inputs, as a step is (see StepFunction), without state. It
 * borrows its arguments.
 */
export type SavedFunction = (constants: NamedTensors, inputs: NamedTensors) => NamedTensors;

/**
 * What open sides are taken for in two recordings: no two alike, the ones even, the others odd;
 * nothing is computed, so they may be large.
 */
const examples = [(i: number) => 512 + 128 * i, (i: number) => 769 + 194 * i] as const;
/** What a SavedModel's folder may hold: a folder with anything else is somebody's. */
const parts = new Set(['saved_model.pb', 'variables', 'assets', 'assets.extra', 'fingerprint.pb']);

/**
 * Saves a function as a TensorFlow SavedModel of tag `serve`, its constants in the graph: in
 * Python, `tf.saved_model.load(FOLDER).signatures['serving_default']` takes the inputs and gives
 * the outputs by name. It is written beside the folder and renamed; a SavedModel that is there is
 * replaced. The constants (borrowed) are in memory up to four times over meanwhile. TensorFlow
 * orders an op's attributes anew in each process: the same function may be other bytes.
 * @throws CompileError for what cannot be recorded, or differs with the lengths of open sides; an
 *   error if the folder holds something else, or the constants do not fit into a protocol buffer (2
 *   GiB)
 */
export async function writeSavedModel(
  folder: string,
  f: SavedFunction,
  constants: NamedTensors,
  inputs: Readonly<Record<string, OpenSpec>>,
): Promise<void> {
  const path = resolve(folder);
  if (existsSync(path)) {
    const strange = (
      await readdir(path).catch(() => {
        throw new Error(`${folder}: expected a folder, got a file`);
      })
    ).find((name) => !parts.has(name));
    if (strange !== undefined)
      throw new Error(
        `${folder}: expected a SavedModel or an empty folder to replace, got one with ${strange}`,
      );
  }
  const values: Record<string, NativeTensor> = {};
  for (const [name, tensor] of Object.entries(constants)) {
    values[name] = {
      dtype: types[tensor.dtype as 'float32' | 'int32' | 'bool'],
      shape: tensor.shape,
      data: await tensor.data<'float32' | 'int32' | 'bool'>(),
    };
  }
  const graph = new Graph(configProto({}));
  // A second recording, thrown away, of other sizes and without the constants' values.
  const scratch = new Graph(configProto({}));
  let model: Fields;
  try {
    const first = record(
      graph,
      f,
      inputs,
      examples[0],
      (name) => graph.constant(values[name] as NativeTensor),
      values,
    );
    const again = record(
      scratch,
      f,
      inputs,
      examples[1],
      (name) => unknown(scratch, values[name] as NativeTensor),
      values,
    );
    requireSame(
      first.recording,
      again.recording,
      'whatever lengths open sides have',
      'such a side has to be given',
    );
    const ins = Object.entries(inputs).map(([name, { shape, dtype }]) =>
      info(1, name, types[dtype], shape),
    );
    const outs = Object.entries(first.outputs).map(([name, { shape, dtype }]) =>
      info(
        2,
        name,
        dtype,
        shape.map((side, i) => (side === again.outputs[name]?.shape[i] ? side : null)),
      ),
    );
    model = savedModel(new Uint8Array(native.graphDef(graph.native)), [...ins, ...outs]);
  } finally {
    native.closeGraph(graph.native);
    native.closeGraph(scratch.native);
  }
  await inOneStep(path, async (partial) => {
    await mkdir(join(partial, 'variables'));
    const file = await open(join(partial, 'saved_model.pb'), 'w');
    try {
      for (const piece of model) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
  }).catch((error: unknown) => {
    throw new Error(`${folder}: not written (${(error as Error).message.split(', ')[0] ?? ''})`, {
      cause: error,
    });
  });
}

/**
 * Records the function with its open sides taken for example lengths; inputs and outputs go by
 * their names in the graph.
 */
function record(
  graph: Graph,
  f: SavedFunction,
  inputs: Readonly<Record<string, OpenSpec>>,
  example: (i: number) => number,
  constant: (name: string) => Value,
  values: object,
) {
  const recording = new Recording(graph, 'float32');
  const outputs: Record<string, Value> = {};
  let open = 0;
  recording.run(() => {
    tf.tidy(() => {
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, dtype }]) => [
          name,
          recording.tensor(
            graph.openInput(
              name,
              types[dtype],
              shape.map((side) => side ?? -1),
              shape.map((side) => side ?? example(open++)),
            ),
          ),
        ]),
      );
      const constants: Record<string, Tensor> = {};
      for (const name of Object.keys(values)) constants[name] = recording.tensor(constant(name));
      for (const [name, tensor] of Object.entries(f(constants, given))) {
        const value = recording.value(tensor);
        outputs[name] = graph.add('Identity', [value], [attr.type('T', value.dtype)], [], name)
          .outputs[0] as Value;
      }
    });
  });
  return { recording, outputs };
}

/** A value of this type and shape that nothing is known of. */
function unknown(graph: Graph, { dtype, shape }: NativeTensor): Value {
  return graph.add('Placeholder', [], [attr.type('dtype', dtype), attr.shape('shape', shape)])
    .outputs[0] as Value;
}

// tensorflow/core/protobuf/meta_graph.proto and saved_model.proto

/**
 * An entry of SignatureDef.inputs (1) or .outputs (2): name and TensorInfo { name = 1, dtype = 2,
 * tensor_shape = 3 { dim = 2 { size = 1 } } }.
 */
function info(
  field: 1 | 2,
  name: string,
  dtype: number,
  shape: readonly (number | null)[],
): Fields {
  const dimensions = shape.map((side) => message(2, varint(1, side ?? -1)));
  return message(
    field,
    bytes(1, name),
    message(2, bytes(1, `${name}:0`), varint(2, dtype), message(3, ...dimensions)),
  );
}

/**
 * SavedModel { saved_model_schema_version = 1, meta_graphs = 2 { meta_info_def = 1 { tags = 4,
 * tensorflow_version = 5 }, graph_def = 2, signature_def = 5 } }.
 */
function savedModel(graphDef: Uint8Array, signature: readonly Fields[]): Fields {
  const meta = message(1, bytes(4, 'serve'), bytes(5, tensorflowVersion()));
  const serving = message(
    5,
    bytes(1, 'serving_default'),
    message(2, ...signature, bytes(3, 'tensorflow/serving/predict')),
  );
  return [...varint(1, 1), ...message(2, meta, bytes(2, graphDef), serving)];
}
