const path = require('node:path');

/** One preset for every project: TypeScript through swc, Lua sources as text, real services only. */
module.exports = {
  testEnvironment: path.join(__dirname, 'tools/jest/kept-scripts-environment.cjs'),
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  extensionsToTreatAsEsm: [],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'lua'],
  transform: {
    '^.+\\.(ts|mjs)$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
    '^.+\\.lua$': path.join(__dirname, 'tools/jest/lua-transform.cjs'),
  },
  testTimeout: 30000,
};
