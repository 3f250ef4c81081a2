const preset = require('../jest.preset.cjs');

module.exports = {
  ...preset,
  displayName: 'tools',
  testMatch: ['<rootDir>/{src,bin,build,check,docs,process,redis}/**/*.test.ts'],
};
