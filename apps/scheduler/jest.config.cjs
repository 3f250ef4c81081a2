module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'scheduler',
  setupFiles: ['<rootDir>/src/testing/inngest-async-context.ts'],
};
