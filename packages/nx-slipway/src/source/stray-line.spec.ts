import { strayLine } from './stray-line';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n';

it.each([
  [`Warning: old\n${POD}`, 1, 'Warning: old'],
  [`# made\n---\n${POD}WARN the end\r\n`, 7, 'WARN the end'],
  [`[info] rendering 3 files\n${POD}`, 1, '[info] rendering 3 files'],
  [`${POD}---\nDeprecationWarning: x\n`, 6, 'DeprecationWarning: x'],
  [`Rendering into folder: k8s\n${POD}`, 1, 'Rendering into folder: k8s'],
])('is found in %j', (text, number, line) => {
  expect(strayLine(text)).toEqual({ number, text: line });
});

it.each([
  POD,
  `# Warning: old\n${POD}data:\n  Warning: x\n  log: |\n    Warning: y\n`,
  '{"apiVersion": "v1"}',
  '{\n"Warning": 1\n}',
  'information: 1\nwarnings: []\n',
  '- apiVersion: v1\n',
])('is none in %j', (text) => {
  expect(strayLine(text)).toBeUndefined();
});
