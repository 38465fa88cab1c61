import type { Tensor } from '@noisy-pairs/engine';
import type { Encoder, NetworkState } from '../networks/network.ts';
import { mismatch, refuse } from './encoder-faults.ts';
import { isKernel, oihwShape, toOihw } from './kernel-layout.ts';
import { writeSafetensors, type NewEntry } from './safetensors-writer.ts';

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
  { shapes }: Encoder,
  state: NetworkState,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const wanted = Object.entries({ ...shapes.params, ...shapes.stats });
  const tensors = { ...state.params, ...state.stats };
  const missing: string[] = [];
  const misshapen: string[] = [];
  const floats: NewEntry[] = [];
  for (const [name, shape] of wanted) {
    const tensor = tensors[name];
    if (!tensor) missing.push(name);
    else if (tensor.shape.join() !== shape.join())
      misshapen.push(mismatch(name, shape, tensor.shape));
    else floats.push(floatEntry(name, tensor));
  }
  refuse(path, { missing, 'wrong shape': misshapen });
  const counters = Object.keys(shapes.stats)
    .filter((name) => name.endsWith('.running_mean'))
    .map((name) => counterEntry(name.replace(/running_mean$/, 'num_batches_tracked')));
  await writeSafetensors(path, [...counters, ...floats], { format: 'pt', ...metadata });
}

function floatEntry(name: string, tensor: Tensor): NewEntry {
  const { shape } = tensor;
  return {
    name,
    dtype: 'F32',
    shape: isKernel(shape) ? oihwShape(shape) : shape,
    values: async () => {
      const values = await tensor.data<'float32'>();
      return isKernel(shape) ? toOihw(values, shape) : values;
    },
  };
}

/** torch counts the batches that a batch norm has seen; nothing in inference asks for it. */
function counterEntry(name: string): NewEntry {
  const zero = () => Promise.resolve(new BigInt64Array(1));
  return { name, dtype: 'I64', shape: [], values: zero };
}
