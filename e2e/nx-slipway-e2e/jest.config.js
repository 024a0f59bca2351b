module.exports = {
  displayName: 'nx-slipway-e2e',
  preset: '../../jest.preset.js',
  // Real builds, real pushes, and on a bare machine the sandbox itself.
  testTimeout: 300_000,
};
