import nx from '@nx/eslint-plugin';
import * as jsonParser from 'jsonc-eslint-parser';
import base from '../../eslint.config.mjs';
import importArrows from './import-arrows.mjs';

export default [
  ...base,
  ...importArrows,
  {
    files: ['**/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonParser },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/**/*.spec.ts',
            '{projectRoot}/**/testing/**',
            '{projectRoot}/*.config.{mjs,js}',
            '{projectRoot}/import-arrows.mjs',
          ],
          // Nx is a peer with a range of its own: see the design, section 4.
          ignoredDependencies: ['nx', '@nx/devkit'],
        },
      ],
    },
  },
  {
    files: [
      '**/package.json',
      '**/executors.json',
      '**/generators.json',
      '**/migrations.json',
    ],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonParser },
    rules: { '@nx/nx-plugin-checks': 'error' },
  },
];
