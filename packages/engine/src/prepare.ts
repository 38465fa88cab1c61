import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';

// Imported first: what must hold before tfjs-node and its native library load.
const require = createRequire(import.meta.url);
const addons = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'lib', 'napi-v8');
if (!existsSync(join(addons, 'tfjs_binding.node'))) {
  throw new Error('native TensorFlow runtime: expected it to be installed, got none; run `npx nx run engine:runtime` (outside the repository: `npx noisy-pairs-runtime`)');
}

// tfjs-node 4.22 calls these, which Node 23 removed.
const legacy = util as unknown as Record<string, unknown>;
legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
legacy['isArray'] ??= Array.isArray;

if (process.env['NOISY_PAIRS_CHATTER'] === undefined) {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  if (existsSync(join(addons, 'quiet.node'))) require(join(addons, 'quiet.node'));
}
