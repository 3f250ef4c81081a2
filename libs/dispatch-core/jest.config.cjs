module.exports = { ...require('../../jest.preset.cjs'), displayName: 'dispatch-core' };
