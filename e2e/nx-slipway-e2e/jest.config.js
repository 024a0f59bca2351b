module.exports = {
  displayName: 'nx-slipway-e2e',
  preset: '../../jest.preset.js',
  testSequencer: '<rootDir>/../driver/longest-first.js',
  globalSetup: '<rootDir>/global-setup.js',
  // Each file has a workspace of its own, and waits for others half of its time.
  maxWorkers: 3,
  // Real builds, real pushes, and on a bare machine the sandbox itself.
  testTimeout: 300_000,
};
