module.exports = {
  displayName: 'sandbox',
  preset: '../../jest.preset.js',
  // On a bare machine the first test waits for Kubernetes to be built.
  testTimeout: 600_000,
  // One spec kills the daemons that another uses.
  maxWorkers: 1,
};
