import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { forbiddenPackages, layers, sourcesOf, testsOf } from './tools/check/layers.mjs';
import {
  clockAndChance,
  coreGlobals,
  environment,
  environmentImport,
  exportAll,
  inputAndOutput,
  nodeInBrowser,
  noTestShortcuts,
  packageInsides,
  redisImports,
  wallClock,
} from './tools/check/lint-rules/restrictions.mjs';
import { houseRules } from './tools/check/lint-rules/index.mjs';

const TESTS = ['**/*.test.{ts,tsx}'];
/** What several test files of one project share. */
const TEST_SUPPORT = ['**/src/testing/**'];
const ALL_TEST_CODE = [...TESTS, ...TEST_SUPPORT];
const PURE = ['contracts', 'core'];

const ownsRedis = [
  'libs/state-store/**',
  'libs/test-kit/**',
  'libs/service-kit/src/redis*.ts',
  'libs/service-kit/src/redis*/**',
  'tools/**',
  ...ALL_TEST_CODE,
];

/**
 * Every import rule of one layer as one setting, since a later setting of a rule replaces an earlier one.
 *
 * @param {string} layer
 * @param {'source' | 'test'} kind
 * @param {readonly { regex: string, message: string }[]} extra
 */
const importRules = (layer, kind, extra) => ({
  'no-restricted-imports': 'off',
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: kind === 'source' && layer !== 'tool' ? [environmentImport] : [],
      patterns: [...forbiddenPackages(layer, kind), packageInsides, ...extra],
    },
  ],
});

const layerConfigs = Object.keys(layers).flatMap((layer) => [
  {
    name: `imports of ${layer}`,
    files: sourcesOf(layer),
    ignores: ALL_TEST_CODE,
    rules: importRules(layer, 'source', [
      ...(PURE.includes(layer) ? [inputAndOutput] : []),
      ...(layer === 'dashboard' ? [nodeInBrowser] : []),
      ...(['infra', 'kit', 'test', 'tool'].includes(layer) ? [] : [redisImports]),
    ]),
  },
  {
    name: `imports of tests of ${layer}`,
    files: testsOf(layer),
    rules: importRules(layer, 'test', []),
  },
]);

/** @param {'source' | 'test'} kind */
const nxBoundaries = (kind) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    depConstraints: Object.entries(layers).map(([name, { tag, mayUse }]) => ({
      sourceTag: tag,
      onlyDependOnLibsWithTags: [
        ...mayUse.flatMap((other) => (layers[other] ? [layers[other].tag] : [])),
        ...(kind === 'test' || name === 'test' ? ['layer:test'] : []),
      ],
    })),
  },
];

export default tseslint.config(
  {
    ignores: ['**/node_modules/', 'dist/', '**/dist/', '.nx/', 'coverage/', '.hive-mind/', '.swc/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'every file',
    files: ['**/*.{ts,tsx,mjs,cjs}'],
    extends: [tseslint.configs.base],
    plugins: { house: houseRules },
    settings: { repositoryRoot: import.meta.dirname },
    rules: {
      'house/file-name': 'error',
      'house/long-file': ['warn', { max: 300 }],
      'max-lines': ['error', { max: 500 }],
      'no-empty': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
    },
  },
  {
    name: 'typed source',
    files: ['**/*.{ts,tsx}', 'tools/**/*.mjs'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'house/relative-import': 'error',
      '@nx/enforce-module-boundaries': nxBoundaries('source'),
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // A port may promise although this implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...layerConfigs,
  {
    name: 'services and libraries',
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}'],
    ignores: ALL_TEST_CODE,
    rules: { 'no-console': 'error' },
  },
  {
    name: 'environment',
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}'],
    ignores: [...ALL_TEST_CODE, '**/config.ts'],
    rules: { 'no-restricted-properties': ['error', environment] },
  },
  {
    name: 'exports by name',
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}', 'tools/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', exportAll],
    },
  },
  {
    name: 'pure cores',
    files: PURE.flatMap(sourcesOf),
    ignores: ALL_TEST_CODE,
    rules: {
      'no-restricted-properties': ['error', environment, ...clockAndChance],
      'no-restricted-globals': ['error', ...coreGlobals],
      'no-restricted-syntax': ['error', exportAll, ...wallClock],
    },
  },
  {
    // Everything contracts describe is public, so its index adds no list of its own.
    name: 'the index of contracts',
    files: ['libs/contracts/src/index.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    name: 'who owns Redis',
    files: ['libs/auth/**/*.ts', 'libs/trace-envelope/**/*.ts', 'libs/service-kit/**/*.ts'],
    ignores: ownsRedis,
    rules: { 'no-restricted-imports': ['error', { patterns: [redisImports] }] },
  },
  {
    name: 'tests',
    files: ALL_TEST_CODE,
    rules: {
      '@nx/enforce-module-boundaries': nxBoundaries('test'),
      'no-restricted-syntax': ['error', ...noTestShortcuts],
      // Tests read untyped answers all the time; expect() is their check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    name: 'test files',
    files: TESTS,
    rules: { 'house/test-risk': 'error' },
  },
  {
    name: 'configuration in CommonJS',
    files: ['**/*.cjs', 'eslint.config.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
