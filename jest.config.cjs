// Of a run over several projects this is the only place where the limit counts.
module.exports = {
  testTimeout: 30_000,
  projects: [
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/tools/jest.config.cjs',
  ],
};
