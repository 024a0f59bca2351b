const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;

// Packages that ship ES modules only: jest runs CommonJS, so these are
// transformed like our own code.
const esmOnly = [
  'execa',
  'npm-run-path',
  'path-key',
  'strip-final-newline',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'parse-ms',
  'pretty-ms',
  'get-stream',
  'figures',
  'is-unicode-supported',
  'unicorn-magic',
  '@sindresorhus/merge-streams',
  '@sec-ant/readable-stream',
  'yoctocolors',
  '@kubernetes/client-node',
  'openid-client',
  'oauth4webapi',
  'jose',
  'github-slugger',
];

module.exports = {
  ...nxPreset,
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts'],
  // Never what a test measures. Jest's own 5 s are over before a busy machine
  // has transformed @kubernetes/client-node for the first test that loads it.
  testTimeout: 120_000,
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  reporters: ['default', join(__dirname, 'e2e/driver/tally-reporter.js')],
};
