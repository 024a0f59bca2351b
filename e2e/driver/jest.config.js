module.exports = {
  displayName: 'driver',
  preset: '../../jest.preset.js',
};
