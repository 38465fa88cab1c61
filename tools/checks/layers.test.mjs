// The arrows between layers and the fences around third-party packages, seen to fire: text is
// linted as if it stood in an existing file.
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.env.NX_DAEMON = 'false';
const eslint = new ESLint({ cwd: root });

async function complaints(pkg, code, file = 'index.ts') {
  const [result] = await eslint.lintText(code, { filePath: `${root}packages/${pkg}/src/${file}` });
  return result.messages.map((m) => m.message).join('\n');
}

test.each([
  ['vts', '@noisy-pairs/models'],
  ['vts', '@noisy-pairs/xbd'],
  ['geo', '@noisy-pairs/xbd'],
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
  ['vts', 'zstddec'],
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

test.each(['sweep/grid.ts', 'report/report.ts', 'data/vts/images.ts'])(
  'experiments/src/%s may not load TensorFlow, types alone are let through',
  async (file) => {
    for (const name of ['engine', 'models', 'training']) {
      for (const code of [
        `import { a } from '@noisy-pairs/${name}'; export const b: unknown = a;`,
        `export * from '@noisy-pairs/${name}';`,
        `export { a } from '@noisy-pairs/${name}';`,
        `export const m = import('@noisy-pairs/${name}');`,
      ])
        expect(await complaints('experiments', code, file), code).toMatch(/never load TensorFlow/);
    }
    const types = `import type { A } from '@noisy-pairs/training'; export type B = A;`;
    expect(await complaints('experiments', types, file)).not.toMatch(/TensorFlow/);
    const light = `export { a } from '@noisy-pairs/training/run-log';`;
    expect(await complaints('experiments', light, file)).not.toMatch(/TensorFlow/);
  },
);

test('wide lines, long files and long functions are refused', async () => {
  const wide = 'x'.repeat(100);
  expect(await complaints('vts', `// ${wide}\n`)).toMatch(/length of 103/);
  expect(await complaints('vts', `export const a = '${wide}';\n`)).toMatch(/length of 120/);
  const long = `export const a = 1;\n`.repeat(301);
  expect(await complaints('vts', long)).toMatch(/too many lines \(301\)/);
  const body = '  console.log(1);\n'.repeat(60);
  expect(await complaints('vts', `export function a() {\n${body}}\n`)).toMatch(
    /'a' has too many lines \(62\)/,
  );
});
