import yaml from 'js-yaml';
import { imageTexts, valuesOf } from './image-texts';
import { deployment } from './testing/build';

const nested = (open: string, close: string, depth: number) =>
  `a: ${open.repeat(depth)}1${close.repeat(depth)}\n`;
const indented = (depth: number) =>
  Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}a:\n`).join('');
const dashes = (depth: number) => `${'- '.repeat(depth)}x\n`;

it.each([
  ['brackets', (depth: number) => nested('[', ']', depth)],
  ['braces', (depth: number) => nested('{a: ', '}', depth)],
  ['indentation', indented],
  ['dashes', dashes],
])('what is nested too deep for a stack is not parsed: %s', (_, text) => {
  expect(valuesOf(text(150))).toHaveLength(1);
  // By no parser at all: what it does to the stack ends the process.
  const parse = jest.spyOn(yaml, 'loadAll').mockClear();
  expect(valuesOf(text(250))).toBeUndefined();
  const beside = `${text(250)}---\n${deployment('web')}`;
  expect(imageTexts(beside, [])).toBeUndefined();
  expect(parse).not.toHaveBeenCalled();
});

it('what is long and not deep is parsed', () => {
  const text = [
    `a: [${'[x], '.repeat(2_000)}]`,
    'b: {}]',
    ...Array.from({ length: 2_000 }, () => '- a - b: c'),
    '-'.repeat(2_000),
  ];
  const quoted = text.map((line, index) => `k${index}: '${line}'`).join('\n');
  expect(valuesOf(quoted)).toHaveLength(1);
});
