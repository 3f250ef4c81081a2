// Of a run over several projects this is the only place where these count.
module.exports = {
  testTimeout: 30_000,
  // Each concurrent test has processes of its own; more at a time only make one another wait for the cores.
  maxConcurrency: 3,
  // What a test file leaves behind adds up over a hundred files; collecting it then takes seconds each time.
  workerIdleMemoryLimit: '1GB',
  projects: [
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/tools/jest.config.cjs',
  ],
};
