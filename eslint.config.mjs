import { readdirSync } from 'node:fs';
import nx from '@nx/eslint-plugin';
import stylistic from '@stylistic/eslint-plugin';
import jsoncParser from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** Who may import whom. A layer absent from its own list (data) may not import its neighbours. */
const arrows = {
  base: ['base'],
  data: ['base'],
  engine: ['base'],
  model: ['base', 'engine', 'model'],
  training: ['base', 'engine', 'model', 'training'],
  app: ['*'],
  tool: ['tool'],
};
const depConstraints = Object.entries(arrows).map(([layer, lower]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: lower.map((l) => (l === '*' ? '*' : `layer:${l}`)),
}));

/** Third-party packages with one owner each. */
const owners = {
  sharp: 'imaging',
  'd3-delaunay': 'vts',
  geotiff: 'geo',
  lerc: 'geo',
  zstddec: 'geo',
  '@tensorflow': 'engine',
};

/** Rooms that never load TensorFlow, so that a sweep is planned and reported without it. */
const withoutTensorFlow = ['sweep', 'report', 'data'].map(
  (room) => `packages/experiments/src/${room}/**/*.ts`,
);
const loadTensorFlow = '@noisy-pairs\\u002F(engine|models|training)$';

// no-restricted-syntax rather than bannedExternalImports or no-restricted-imports: the former
// overlooks packages that are not installed and subpaths, the latter import(); both overlook
// `import('sharp').Sharp` in a type.
const imports = [
  'ImportDeclaration',
  'ImportExpression',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'TSImportType',
].join(', ');
const foreign = (pkg) =>
  Object.entries(owners)
    .filter(([, owner]) => owner !== pkg)
    .map(([npm, owner]) => ({
      selector: `:matches(${imports})[source.value=/^${npm}(\\u002F|$)/]`,
      message: `Only packages/${owner} may import ${npm}.`,
    }));
const fences = [
  ...readdirSync(new URL('packages', import.meta.url)).map((pkg) => ({
    files: [`packages/${pkg}/**/*.ts`],
    rules: { 'no-restricted-syntax': ['error', ...foreign(pkg)] },
  })),
  {
    files: withoutTensorFlow,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...foreign('experiments'),
        ...['ImportDeclaration[importKind="value"]', 'ImportExpression', 'ExportAllDeclaration']
          .map((node) => `${node}[source.value=/^${loadTensorFlow}/]`)
          .concat(`ExportNamedDeclaration[exportKind="value"][source.value=/^${loadTensorFlow}/]`)
          .map((selector) => ({
            selector,
            message: 'sweep, report and data never load TensorFlow; types alone may be imported.',
          })),
      ],
    },
  },
];

/** What a person can read: see also tools/checks/structure.mjs for files and folders. */
const readable = [
  {
    files: ['**/*.{ts,mjs}'],
    plugins: { '@stylistic': stylistic },
    rules: { '@stylistic/max-len': ['error', { code: 100, comments: 100 }] },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['packages/training/src/pretraining/pretrain.ts'], // the loop, which reads as a whole
    rules: {
      'max-lines-per-function': ['error', { max: 100, skipBlankLines: true, skipComments: true }],
    },
  },
];

export default [
  ...nx.configs['flat/base'],
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '.nx', '**/fixtures/*.mjs'] },
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], depConstraints, banTransitiveDependencies: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  ...fences,
  ...readable,
  {
    files: ['packages/*/package.json'],
    languageOptions: { parser: jsoncParser },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          buildTargets: ['build'],
          checkVersionMismatches: false,
          ignoredFiles: [
            '{projectRoot}/vitest.config.mjs',
            '{projectRoot}/src/**/*.test.ts',
            '{projectRoot}/src/fixtures/**',
          ],
          // node-gyp is run as a program, found by require.resolve; ioredis is BullMQ's peer
          ignoredDependencies: ['ioredis', 'node-gyp'],
        },
      ],
    },
  },
];
