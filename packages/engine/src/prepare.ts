import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';

// Imported first: what must hold before tfjs-node and its native library load.
const require = createRequire(import.meta.url);
const tfjs = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
const addons = join(tfjs, 'lib', 'napi-v8');
/** The file of a compiled addon. */
export const addonPath = (name: string) => join(addons, `${name}.node`);

// All can go: the addons with node_modules, the library with the cache that it is a link to.
if (
  ![
    addonPath('tfjs_binding'),
    addonPath('session'),
    join(tfjs, 'deps', 'lib', 'libtensorflow.so'),
  ].every((path) => existsSync(path))
) {
  throw new Error(
    'native TensorFlow runtime: expected it to be installed, got none; run `npx nx run ' +
      'engine:runtime` (outside the repository: `npx noisy-pairs-runtime`)',
  );
}

// tfjs-node 4.22 calls these: Node 22 warns that they are deprecated, Node 23 removed them.
Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});

if (process.env['NOISY_PAIRS_CHATTER'] === undefined) {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  if (existsSync(addonPath('quiet'))) require(addonPath('quiet'));
}
