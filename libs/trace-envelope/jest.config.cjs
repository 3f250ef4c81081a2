module.exports = { ...require('../../jest.preset.cjs'), displayName: 'trace-envelope' };
