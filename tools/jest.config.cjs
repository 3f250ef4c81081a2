const preset = require('../jest.preset.cjs');

module.exports = {
  ...preset,
  displayName: 'tools',
  testMatch: ['<rootDir>/{src,bin,build,check,process,redis}/**/*.test.ts'],
};
