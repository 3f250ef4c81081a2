import { builtinModules } from 'node:module';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { forbiddenPackages, layers, sourcesOf, testsOf } from './tools/check/layers.mjs';
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

const redisImports = {
  regex: '^(ioredis|bullmq)(/|$)',
  message:
    'Only libs/state-store talks to Redis. Take a store, a job queue or a connection from @caio/state-store or @caio/service-kit.',
};
const packageInsides = {
  regex: '^@caio/[^/]+/',
  message: 'Import a package by its name alone. If its index lacks what you need, export it there.',
};
const inputAndOutput = {
  regex: `^(node:|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/|$))`,
  message:
    'Contracts and cores do no input or output. Take the value as a parameter; the service or store has it.',
};
const nodeInBrowser = {
  regex: '^node:',
  message: 'The dashboard runs in a browser, which has no Node modules. Use a web API.',
};
const environmentImport = {
  name: 'node:process',
  importNames: ['env'],
  message: 'Read the environment once, in config.ts, and pass the typed value on.',
};

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

const noTestShortcuts = [
  {
    selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
    message:
      'A test does not sleep. Wait for the condition with waitFor from @caio/test-kit, or for the event.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?timers\\u002Fpromises$/]',
    message:
      'A test does not sleep. Wait for the condition with waitFor from @caio/test-kit, or for the event.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(skip|only|todo|failing)$/][object.name=/^(it|test|describe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(skip|only|todo|failing)$/][object.object.name=/^(it|test|describe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector:
      "MemberExpression[object.name='jest'][property.name=/^(mock|doMock|unstable_mockModule|setMock|createMockFromModule|requireMock)$/]",
    message:
      'Our own code is not mocked. Use the real thing with a real Redis, or pass a different implementation in.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(toHaveBeenCalledTimes|toHaveBeenNthCalledWith|toBeCalledTimes)$/]',
    message: 'Count what happened, not who was called: assert the state, the answer or the messages sent.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(toMatchSnapshot|toMatchInlineSnapshot|toThrowErrorMatchingSnapshot)$/]',
    message: 'Say what must hold instead of keeping a snapshot.',
  },
];

const clockAndChance = [
  { object: 'Date', property: 'now', message: 'Time is a parameter here: take `now` from the caller.' },
  { object: 'Math', property: 'random', message: 'Chance is a parameter here: take it from the caller.' },
  { object: 'DateTime', property: 'now', message: 'Time is a parameter here: take `now` from the caller.' },
  { object: 'DateTime', property: 'local', message: 'Time is a parameter here: take `now` from the caller.' },
];
const environment = {
  object: 'process',
  property: 'env',
  message: 'Read the environment once, in config.ts, and pass the typed value on.',
};

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
    name: 'named exports only from an index',
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}', 'tools/src/**/*.ts'],
    ignores: ['**/src/index.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Export by name, so that a reader sees what leaves this file.',
        },
      ],
    },
  },
  {
    name: 'pure cores',
    files: PURE.flatMap(sourcesOf),
    ignores: ALL_TEST_CODE,
    rules: {
      'no-restricted-properties': ['error', environment, ...clockAndChance],
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'require', '__dirname', '__filename'].map((name) => ({
          name,
          message: 'Contracts and cores run anywhere, also in a browser. Take the value as a parameter.',
        })),
        ...[
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'performance',
          'crypto',
        ].map((name) => ({
          name,
          message: 'Contracts and cores do no input or output and know no time. Do this in the caller.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is a parameter here: take `now` from the caller.',
        },
        {
          selector: "CallExpression[callee.name='Date']",
          message: 'Time is a parameter here: take `now` from the caller.',
        },
      ],
    },
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
