import { existsSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { types } from '../../attributes.ts';
import { inOneStep } from '../../runtime/in-one-step.ts';
import type { Tensor } from '../../tensorflow.ts';
import { flattenTree, unflattenTree, type TensorTree } from '../../tree/tree.ts';
import { configProto } from '../graph/config-proto.ts';
import { Graph } from '../graph/graph.ts';
import { native, type NativeTensor } from '../graph/native-session.ts';
import type { Fields } from '../graph/protobuf.ts';
import { requireSame } from '../recording/same-recording.ts';
import {
  recordOpen,
  type NamedFunction,
  type OpenSpecs,
  type SavedFunction,
} from './record-open.ts';
import { savedModelProto, signatureEntry } from './saved-model-proto.ts';

/**
 * Lengths that open sides are taken for in two recordings: no two alike, the ones even, the others
 * odd; nothing is computed, so they may be large.
 */
const lengths = (i: number) => 512 + 128 * i;
const otherLengths = (i: number) => 769 + 194 * i;

/** Names in a SavedModel's folder: a folder with anything else is somebody's. */
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
export async function writeSavedModel<Constants extends TensorTree, const Inputs extends OpenSpecs>(
  folder: string,
  f: SavedFunction<Constants, Inputs>,
  constants: Constants,
  inputs: Inputs,
): Promise<void> {
  const path = resolve(folder);
  await requireReplaceable(folder, path);
  const values: Record<string, NativeTensor> = {};
  for (const [name, tensor] of Object.entries(flattenTree(constants)))
    values[name] = await nativeTensor(tensor);
  const named: NamedFunction = (tensors, given) =>
    f(unflattenTree(tensors, constants), given as Parameters<typeof f>[1]);
  const model = buildModel(named, values, inputs);
  await inOneStep(path, (partial) => writeFiles(partial, model)).catch((error: unknown) => {
    // `ENOSPC: no space left on device, write`: the rest names the temporary folder.
    const [reason = ''] = (error as Error).message.split(', ');
    throw new Error(`${folder}: not written (${reason})`, { cause: error });
  });
}

async function nativeTensor(tensor: Tensor): Promise<NativeTensor> {
  const dtype = types[tensor.dtype as 'float32' | 'int32' | 'bool'];
  return { dtype, shape: tensor.shape, data: await tensor.data<'float32' | 'int32' | 'bool'>() };
}

/** @throws if there is anything at the path but a SavedModel or an empty folder */
async function requireReplaceable(folder: string, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const names = await readdir(path).catch(() => {
    throw new Error(`${folder}: expected a folder, got a file`);
  });
  const strange = names.find((name) => !parts.has(name));
  if (strange !== undefined)
    throw new Error(
      `${folder}: expected a SavedModel or an empty folder to replace, got one with ${strange}`,
    );
}

/** The serialised model of a function. */
function buildModel(
  f: NamedFunction,
  values: Readonly<Record<string, NativeTensor>>,
  inputs: OpenSpecs,
): Fields {
  const graph = new Graph(configProto({}));
  // A second recording, thrown away, of other sizes and without the constants' values.
  const scratch = new Graph(configProto({}));
  try {
    const first = recordOpen(graph, f, inputs, lengths, values, (value) => graph.constant(value));
    const again = recordOpen(scratch, f, inputs, otherLengths, values, ({ dtype, shape }) =>
      scratch.placeholder(dtype, shape),
    );
    requireSame(
      first.recording,
      again.recording,
      'whatever lengths open sides have',
      'such a side has to be given',
    );
    const ins = Object.entries(inputs).map(([name, { shape, dtype }]) =>
      signatureEntry('input', name, types[dtype], shape),
    );
    const outs = Object.entries(first.outputs).map(([name, { shape, dtype }]) => {
      const other = again.outputs[name]?.shape;
      const open = shape.map((side, i) => (side === other?.[i] ? side : null));
      return signatureEntry('output', name, dtype, open);
    });
    return savedModelProto(new Uint8Array(native.graphDef(graph.native)), [...ins, ...outs]);
  } finally {
    native.closeGraph(graph.native);
    native.closeGraph(scratch.native);
  }
}

async function writeFiles(folder: string, model: Fields): Promise<void> {
  await mkdir(join(folder, 'variables'));
  const file = await open(join(folder, 'saved_model.pb'), 'w');
  try {
    for (const piece of model) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
