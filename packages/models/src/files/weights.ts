import { disposeAll, tf, type NamedTensors, type Tensor } from '@noisy-pairs/engine';
import { isFloatFormat, requireFinite, toFloat32 } from './float-formats.ts';
import { openSafetensors } from './safetensors.ts';
import { writeSafetensors } from './safetensors-writer.ts';

export interface Weights {
  /** The caller's. */
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes tensors (float32 or int32) as a .safetensors file, one tensor in memory at a time, under a
 * temporary name that is renamed at the end.
 * @throws if a tensor has another type, or `PATH: not written (...)` with the file system's reason
 */
export async function saveWeights(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32')
      throw new Error(`${path}: expected ${name} to be float32 or int32, got ${tensor.dtype}`);
    return {
      name,
      dtype: tensor.dtype === 'float32' ? 'F32' : 'I32',
      shape: tensor.shape,
      values: () => tensor.data<'float32' | 'int32'>(),
    } as const;
  });
  await writeSafetensors(path, entries, metadata);
}

/**
 * Reads a .safetensors file of F32 and I32 tensors; F16 and BF16 become float32, exactly.
 * @throws `PATH: expected ..., got ...` for a file that is damaged (see openSafetensors), has other
 *   types or a value that is not finite, or is no such file at all
 */
export async function loadWeights(path: string): Promise<Weights> {
  const file = await openSafetensors(path);
  const tensors: Record<string, Tensor> = {};
  try {
    for (const [name, { dtype, shape }] of file.entries) {
      if (!isFloatFormat(dtype) && dtype !== 'I32')
        throw new Error(`${path}: expected ${name} to be F32, F16, BF16 or I32, got ${dtype}`);
      const bytes = await file.read(name);
      if (isFloatFormat(dtype)) {
        const values = toFloat32(dtype, bytes);
        requireFinite(path, name, values);
        tensors[name] = tf.tensor(values, [...shape], 'float32');
      } else tensors[name] = tf.tensor(new Int32Array(bytes), [...shape], 'int32');
    }
    return { tensors, metadata: file.metadata };
  } catch (error) {
    disposeAll(tensors);
    throw error;
  } finally {
    await file.close();
  }
}
