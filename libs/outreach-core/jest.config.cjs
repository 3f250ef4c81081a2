module.exports = { ...require('../../jest.preset.cjs'), displayName: 'outreach-core' };
