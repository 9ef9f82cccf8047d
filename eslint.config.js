import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE_GLOBALS = [
  ...['AbortController', 'AbortSignal', 'Buffer', 'MessageChannel', 'URL', 'console', 'gc', 'performance', 'process', 'structuredClone'],
  ...['clearInterval', 'clearTimeout', 'setImmediate', 'setInterval', 'setTimeout'],
];

// What may not be imported, and why. The direction is cli -> bench, inspect, host, region -> native, errors, units.
const NO_CLI = { regex: '/cli/', message: 'The library does not know its command line.' };
const NO_REGION = { regex: '/region/', message: 'host and inspect describe the machine and know nothing of regions.' };
const NO_INSPECT = { regex: '/inspect/', message: 'inspect builds on host.' };
const NO_BENCH = { regex: '/bench/', message: 'bench measures what the others do.' };
const NO_ADDON = { regex: '/load-addon\\.js$', message: 'Only lib/native.ts loads the addon.' };

function noImports(...patterns) {
  return { 'no-restricted-imports': ['error', { patterns }] };
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'build-*/', 'prebuilds/', '.matrix/', 'benchmarks/results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      'eol-last': 'error',
      'max-len': ['error', { code: 140, ignoreUrls: true }],
      'max-lines': ['error', 350],
      'no-tabs': 'error',
      'no-trailing-spaces': 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      eqeqeq: 'error',
      quotes: ['error', 'single', { avoidEscape: true, allowTemplateLiterals: true }],
      semi: 'error',
    },
  },
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
    },
  },
  // Terminal output is control characters, and methods are called on receivers that are not theirs.
  { files: ['test/**'], rules: { 'no-control-regex': 'off', '@typescript-eslint/unbound-method': 'off' } },
  // Programs that are compiled and never run: their variables are there for their types.
  {
    files: ['test/types/programs/**'],
    rules: {
      '@typescript-eslint/ban-ts-comment': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  { files: ['lib/**/*.ts'], rules: noImports(NO_CLI, NO_ADDON) },
  { files: ['lib/region/**/*.ts'], rules: noImports(NO_CLI, NO_ADDON, NO_BENCH) },
  { files: ['lib/inspect/**/*.ts'], rules: noImports(NO_CLI, NO_ADDON, NO_REGION, NO_BENCH) },
  { files: ['lib/host/**/*.ts'], rules: noImports(NO_CLI, NO_ADDON, NO_REGION, NO_INSPECT, NO_BENCH) },
  { files: ['lib/cli/**/*.ts'], rules: noImports(NO_ADDON) },
  { files: ['lib/native.ts'], rules: noImports(NO_CLI) },
);
