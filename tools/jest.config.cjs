const preset = require('../jest.preset.cjs');

module.exports = {
  ...preset,
  displayName: 'tools',
  testMatch: ['<rootDir>/{src,bin,build,check,chromium,docs,process,redis}/**/*.test.ts'],
};
