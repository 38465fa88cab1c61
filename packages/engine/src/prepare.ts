import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';

// Runs before the native library loads: this module is imported first.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

// tfjs-node 4.22 still calls these, which Node 23 removed.
const legacy = util as unknown as Record<string, unknown>;
legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
legacy['isArray'] ??= Array.isArray;

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'))) {
  throw new Error('native TensorFlow runtime: expected it to be installed, found none; run `npx nx run engine:runtime` (outside this repository: `npx noisy-pairs-runtime`)');
}
