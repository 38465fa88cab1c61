// The arrows between layers and the fences around third-party packages, seen to fire: text is
// linted as if it stood in an existing file.
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.env.NX_DAEMON = 'false';
const eslint = new ESLint({ cwd: root });

async function complaints(pkg, code) {
  const [result] = await eslint.lintText(code, { filePath: `${root}packages/${pkg}/src/index.ts` });
  return result.messages.map((m) => m.message).join('\n');
}

test.each([
  ['vts', '@noisy-pairs/models'],
  ['vts', '@noisy-pairs/xbd'],
  ['pairs', '@noisy-pairs/engine'],
  ['engine', '@noisy-pairs/cifar10'],
  ['models', '@noisy-pairs/vts'],
  ['training', '@noisy-pairs/cifar10'],
])('packages/%s may not import %s', async (pkg, name) => {
  expect(await complaints(pkg, `export * from '${name}';`)).toMatch(
    /can only depend on libs tagged|Circular dependency/,
  );
});

test.each([
  ['vts', '@tensorflow/tfjs-core'],
  ['experiments', '@tensorflow/tfjs-node-gpu'],
  ['pairs', 'sharp'],
  ['xbd', 'd3-delaunay'],
  ['vts', 'geotiff'],
])('packages/%s may not import %s, in any form', async (pkg, name) => {
  for (const code of [
    `export * from '${name}';`,
    `import type * as a from '${name}'; export type B = typeof a;`,
    `export const m = import('${name}');`,
    `export type T = typeof import('${name}/sub/path.js');`,
  ]) {
    expect(await complaints(pkg, code), code).toMatch(/Only packages\/\w+ may import/);
  }
});

test('the owner of a fenced package is let through', async () => {
  expect(await complaints('imaging', `export * from 'sharp';`)).not.toMatch(/may import/);
});
