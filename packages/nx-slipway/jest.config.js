module.exports = {
  // Jest leaves one core free, which on two cores is half the machine.
  maxWorkers: '100%',
  displayName: 'nx-slipway',
  preset: '../../jest.preset.js',
};
