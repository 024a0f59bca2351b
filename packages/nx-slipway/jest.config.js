module.exports = {
  displayName: 'nx-slipway',
  preset: '../../jest.preset.js',
};
