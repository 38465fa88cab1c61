import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a run's encoder: by itself, or, where it was trained with labels, with the head. */
const files = ['encoder.safetensors', 'segmentation.safetensors', 'classification.safetensors'];

/**
 * The file of a run's encoder, as importEncoder reads it: as pretraining (or chance) left it, or
 * the supervised network's.
 * @throws if there is none
 */
export function runEncoderFile(folder: string): string {
  const file = files.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined)
    throw new Error(
      `${folder}: expected a finished run with ${files.join(' or ')}, got none of them`,
    );
  return file;
}
