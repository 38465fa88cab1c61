import { readdirSync } from 'node:fs';
import nx from '@nx/eslint-plugin';
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
const owners = { sharp: 'imaging', 'd3-delaunay': 'vts', geotiff: 'xbd', '@tensorflow': 'engine' };

// no-restricted-syntax rather than bannedExternalImports or no-restricted-imports: the former
// overlooks packages that are not installed and subpaths, the latter import(); both overlook
// `import('sharp').Sharp` in a type.
const fences = readdirSync(new URL('packages', import.meta.url)).map((pkg) => ({
  files: [`packages/${pkg}/**/*.ts`],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...Object.entries(owners)
        .filter(([, owner]) => owner !== pkg)
        .map(([npm, owner]) => ({
          selector:
            ':matches(ImportDeclaration, ImportExpression, ExportNamedDeclaration, ' +
            `ExportAllDeclaration, TSImportType)[source.value=/^${npm}(\\u002F|$)/]`,
          message: `Only packages/${owner} may import ${npm}.`,
        })),
    ],
  },
}));

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
          ignoredDependencies: ['node-gyp'], // run as a program, found by require.resolve
        },
      ],
    },
  },
];
