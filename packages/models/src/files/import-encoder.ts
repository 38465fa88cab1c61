import { disposeAll, tf, type Tensor } from '@noisy-pairs/engine';
import type { Encoder, NetworkState } from '../networks/network.ts';
import { mismatch, refuse } from './encoder-faults.ts';
import { layoutOf, prefixHint, type EncoderLayout } from './encoder-layout.ts';
import { isFloatFormat, requireFinite, toFloat32, type FloatFormat } from './float-formats.ts';
import { isKernel, oihwShape, toHwio } from './kernel-layout.ts';
import type { Entry } from './safetensors-header.ts';
import { openSafetensors, type Safetensors } from './safetensors.ts';

/**
 * Reads an encoder's weights and statistics: torchvision's names and layouts (`fc`, whatever is
 * below it, and `num_batches_tracked` are left out), or a run's own encoder.safetensors or
 * segmentation.safetensors (heads, which are what the encoder does not name, are left out). F32, or
 * F16 and BF16, which become float32 exactly.
 * @returns fresh tensors, the caller's
 * @throws one error, `PATH: missing: ...; unexpected: ...; wrong shape: NAME expected [..], got
 *   [..]; wrong type ...: NAME F64`, of each fault the number and the first three, shapes in the
 *   file's layout, and what prefix the names have; that a value is not finite; or that of a damaged
 *   file (see openSafetensors)
 */
export async function importEncoder(path: string, encoder: Encoder): Promise<NetworkState> {
  const file = await openSafetensors(path);
  const state = { params: {} as Record<string, Tensor>, stats: {} as Record<string, Tensor> };
  try {
    const layout = layoutOf([...file.entries.keys()]);
    requireEntries(path, file.entries, encoder, layout);
    for (const part of ['params', 'stats'] as const) {
      for (const [name, shape] of Object.entries(encoder.shapes[part]))
        state[part][name] = await readTensor(path, file, layout.name(part, name), shape, layout);
    }
    return state;
  } catch (error) {
    disposeAll(state.params);
    disposeAll(state.stats);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * A fresh tensor of this shape, of an entry that was found to fit it.
 * @throws if a value is not finite
 */
async function readTensor(
  path: string,
  file: Safetensors,
  name: string,
  shape: readonly number[],
  { oihw }: EncoderLayout,
): Promise<Tensor> {
  const format = file.entries.get(name)?.dtype as FloatFormat;
  const values = toFloat32(format, await file.read(name));
  requireFinite(path, name, values);
  const ordered = oihw && isKernel(shape) ? toHwio(values, shape) : values;
  return tf.tensor(ordered, [...shape], 'float32');
}

/**
 * @throws unless the file has the encoder's entries, in shapes and types as they should be, and no
 *   others than its layout has besides
 */
function requireEntries(
  path: string,
  entries: ReadonlyMap<string, Entry>,
  { shapes }: Encoder,
  layout: EncoderLayout,
): void {
  const missing: string[] = [];
  const misshapen: string[] = [];
  const mistyped: string[] = [];
  const known = new Set<string>();
  for (const part of ['params', 'stats'] as const) {
    for (const [own, shape] of Object.entries(shapes[part])) {
      const name = layout.name(part, own);
      known.add(name);
      const entry = entries.get(name);
      const expected = layout.oihw && isKernel(shape) ? oihwShape(shape) : shape;
      if (!entry) missing.push(name);
      else if (entry.shape.join() !== expected.join())
        misshapen.push(mismatch(name, expected, entry.shape));
      else if (!isFloatFormat(entry.dtype)) mistyped.push(`${name} ${entry.dtype}`);
    }
  }
  const names = [...entries.keys()];
  const faults = {
    missing,
    unexpected: names.filter((name) => !known.has(name) && !layout.isBeside(name)),
    'wrong shape': misshapen,
    'wrong type (expected F32, F16 or BF16)': mistyped,
  };
  refuse(path, faults, prefixHint(names, [...known]));
}
