module.exports = {
  displayName: 'nx-slipway-e2e',
  preset: '../../jest.preset.js',
  globalSetup: '<rootDir>/global-setup.js',
  // Each file has a workspace of its own.
  maxWorkers: 2,
  // Real builds, real pushes, and on a bare machine the sandbox itself.
  testTimeout: 300_000,
};
