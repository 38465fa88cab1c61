import { disposeAll, tf, within, type Tensor } from '@noisy-pairs/engine';
import { isFloatFormat, toFloat32, type FloatFormat } from './float-formats.ts';
import { oihwShape, toHwio, toOihw, type KernelShape } from './kernel-layout.ts';
import type { Encoder, NetworkState } from '../networks/network.ts';
import type { EncoderConfig } from '../networks/resnet.ts';
import { openSafetensors, type Safetensors } from './safetensors.ts';
import { writeSafetensors, type NewEntry } from './safetensors-writer.ts';

/**
 * The torchvision model (resnet18, resnet34, resnet50) that has an encoder's layers and so computes
 * its features, or how the encoder differs from all of them, in words.
 */
export function torchvisionModel({
  depth,
  width,
  stem,
  strides,
}: EncoderConfig): { readonly model: string } | { readonly differences: readonly string[] } {
  const differences = [
    ...(depth === 10 ? ['depth 10'] : []),
    ...(width === 64 ? [] : [`width ${width} instead of 64`]),
    ...(stem === 'imagenet' ? [] : [`stem ${stem} instead of imagenet`]),
    ...(strides.length === 4
      ? []
      : [`${strides.length} ${strides.length === 1 ? 'stage' : 'stages'} instead of 4`]),
    ...(strides.length !== 4 || strides.join() === '1,2,2,2'
      ? []
      : [`strides ${strides.join(', ')} instead of 1, 2, 2, 2`]),
  ];
  return differences.length > 0 ? { differences } : { model: `resnet${depth}` };
}

/**
 * Writes an encoder as torchvision names and lays out its own (kernels out, in, height, width;
 * `num_batches_tracked` as 0), float32: what an encoder of torchvision's shape gives is taken by
 * `load_state_dict` with strict=True once `fc` is an Identity. Entries of heads are left out.
 * @param state borrowed
 * @param metadata strings besides `format: pt`, which some readers ask for
 * @throws `PATH: missing: ...; wrong shape: ...` if the state is not the encoder's, `PATH: not
 *   written (...)`
 */
export async function exportEncoder(
  path: string,
  encoder: Encoder,
  state: NetworkState,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { params, stats } = encoder.shapes;
  const tensors = { ...state.params, ...state.stats };
  const missing: string[] = [],
    misshapen: string[] = [];
  const floats = Object.entries({ ...params, ...stats }).map(([name, shape]): NewEntry => {
    const tensor = tensors[name];
    if (!tensor) missing.push(name);
    else if (tensor.shape.join() !== shape.join())
      misshapen.push(mismatch(name, shape, tensor.shape));
    return {
      name,
      dtype: 'F32',
      shape: isKernel(shape) ? oihwShape(shape) : shape,
      values: async () => {
        const values = await (tensor as Tensor).data<'float32'>();
        return isKernel(shape) ? toOihw(values, shape) : values;
      },
    };
  });
  refuse(path, { missing, 'wrong shape': misshapen });
  const counts = Object.keys(stats)
    .filter((name) => name.endsWith('.running_mean'))
    .map((name): NewEntry => ({
      name: name.replace(/running_mean$/, 'num_batches_tracked'),
      dtype: 'I64',
      shape: [],
      values: () => Promise.resolve(new BigInt64Array(1)),
    }));
  await writeSafetensors(path, [...counts, ...floats], { format: 'pt', ...metadata });
}

/** How a file names and lays out an encoder. */
interface Layout {
  /** The file's name of a parameter or a statistic. */
  name(kind: 'params' | 'stats', name: string): string;
  /** torch's order of kernels' sides. */
  readonly oihw: boolean;
  /** Entries that such files have besides and that are no encoder's. */
  readonly besides: RegExp;
}

const torchvision: Layout = {
  name: (_, name) => name,
  oihw: true,
  besides: /^fc\.(weight|bias)$|\.num_batches_tracked$/,
};
/** encoder.safetensors of a run: the query encoder with the heads of its method. */
const pretrained: Layout = {
  name: (kind, name) => `${kind}/${name}`,
  oihw: false,
  besides: /^(params|stats)\/(fc|dense|decoder|predictor|projector)\./,
};
/** segmentation.safetensors and the like of a run that trained its encoder with labels. */
const labelled: Layout = {
  name: (kind, name) => `${kind === 'params' ? 'encoder' : kind}/${name}`,
  oihw: false,
  besides: /^head\//,
};

/**
 * Reads an encoder's weights and statistics: torchvision's names and layouts (`fc` and
 * `num_batches_tracked` are left out), or a run's own encoder.safetensors or
 * segmentation.safetensors (heads are left out). F32, or F16 and BF16, which become float32
 * exactly.
 * @returns fresh tensors, the caller's
 * @throws one error, `PATH: missing: ...; unexpected: ...; wrong shape: NAME expected [..], got
 *   [..]; wrong type ...: NAME F64`, that lists all, shapes in the file's layout; or that of a
 *   damaged file (see openSafetensors)
 */
export async function importEncoder(path: string, encoder: Encoder): Promise<NetworkState> {
  const file = await openSafetensors(path);
  const tensors: Record<string, Tensor> = {};
  try {
    const names = [...file.entries.keys()];
    const layout = names.some((name) => name.startsWith('params/'))
      ? pretrained
      : names.some((name) => name.startsWith('encoder/'))
        ? labelled
        : torchvision;
    const wanted = (['params', 'stats'] as const).flatMap((kind) =>
      Object.entries(encoder.shapes[kind]).map(([name, shape]) => ({
        key: `${kind}/${name}`,
        name: layout.name(kind, name),
        shape,
      })),
    );
    requireEntries(path, file, wanted, layout);
    for (const { key, name, shape } of wanted) {
      const values = toFloat32(file.entries.get(name)?.dtype as FloatFormat, await file.read(name));
      tensors[key] = tf.tensor(
        layout.oihw && isKernel(shape) ? toHwio(values, shape) : values,
        [...shape],
        'float32',
      );
    }
    return { params: within('params', tensors), stats: within('stats', tensors) };
  } catch (error) {
    disposeAll(tensors);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * @throws unless the file has the wanted entries, in shapes and types as they should be, and no
 *   others than are known
 */
function requireEntries(
  path: string,
  { entries }: Safetensors,
  wanted: readonly { name: string; shape: readonly number[] }[],
  { oihw, besides }: Layout,
): void {
  const missing: string[] = [],
    misshapen: string[] = [],
    mistyped: string[] = [];
  for (const { name, shape } of wanted) {
    const entry = entries.get(name);
    const expected = oihw && isKernel(shape) ? oihwShape(shape) : shape;
    if (!entry) missing.push(name);
    else if (entry.shape.join() !== expected.join())
      misshapen.push(mismatch(name, expected, entry.shape));
    else if (!isFloatFormat(entry.dtype)) mistyped.push(`${name} ${entry.dtype}`);
  }
  const known = new Set(wanted.map(({ name }) => name));
  const unexpected = [...entries.keys()].filter((name) => !known.has(name) && !besides.test(name));
  refuse(path, {
    missing,
    unexpected,
    'wrong shape': misshapen,
    'wrong type (expected F32, F16 or BF16)': mistyped,
  });
}

function refuse(path: string, faults: Readonly<Record<string, readonly string[]>>): void {
  const found = Object.entries(faults)
    .filter(([, names]) => names.length > 0)
    .map(([fault, names]) => `${fault}: ${names.join(', ')}`);
  if (found.length > 0) throw new Error(`${path}: ${found.join('; ')}`);
}

const isKernel = (shape: readonly number[]): shape is KernelShape => shape.length === 4;
const mismatch = (name: string, expected: readonly number[], got: readonly number[]) =>
  `${name} expected [${expected.join(', ')}], got [${got.join(', ')}]`;
