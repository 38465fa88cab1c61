import { createHash } from 'node:crypto';
import type { NamedTensors } from '@noisy-pairs/engine';

/**
 * SHA-256 over names, shapes and the very bits of the values, in the order of the names: equal
 * hashes, equal tensors.
 */
export async function hashTensors(tensors: NamedTensors): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, tensor] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const data = await tensor.data();
    hash
      .update(`${name} ${tensor.dtype} ${tensor.shape.join('x')}\n`)
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
