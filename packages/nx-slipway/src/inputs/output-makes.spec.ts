import { outputMakes } from './output-makes';

const FOLDER = 'apps/web/dist';
const FILE = 'apps/web/app.tgz';

it.each([
  [FOLDER],
  [`${FOLDER}/`],
  [`${FOLDER}/**`],
  [`${FOLDER}/**/*`],
  ['apps/web'],
  ['apps/web/**/*'],
  ['apps/*/dist/**'],
  ['**/*'],
  [''],
])('%s makes a folder, and what lies in it', (output) => {
  expect(outputMakes(output, FOLDER, true)).toBe(true);
  expect(outputMakes(output, `${FOLDER}/sub`, true)).toBe(true);
  expect(outputMakes(output, `${FOLDER}/main.js`, false)).toBe(true);
});

it.each([
  ['apps/web/*'],
  ['apps/web/*.tgz'],
  ['apps/web/*/*.js'],
  ['apps/*/dist'],
  ['apps/web/dist/*'],
  ['apps/web/dist/**/*.js'],
  ['apps/web/dist/main.js'],
  ['apps/web/distant'],
  ['apps/api/**/*'],
  ['apps/*/build/**'],
  ['!apps/web/other'],
])('%s does not make all of a folder', (output) => {
  expect(outputMakes(output, FOLDER, true)).toBe(false);
});

it.each([
  [FILE, true],
  ['apps/web/*', true],
  ['apps/web/*.tgz', true],
  ['apps/{api,web}/**/*.tgz', true],
  ['apps/web', true],
  ['apps/web/*.zip', false],
  ['apps/*', false],
  ['apps/web/app', false],
])('%s makes a file: %s', (output, is) => {
  expect(outputMakes(output, FILE, false)).toBe(is);
});
