import { endOf, firstMissing, plain } from './said';

const OUTPUT = 'first\n+ Deployment acme/hello  created\nx@sha256:12\nlast\n';

it.each([
  [['first']],
  [['+ Deployment …/hello created']],
  [['first', 'x@sha256:…', 'last']],
  [['Deployment acme/hello']],
])('finds %j', (lines) => {
  expect(firstMissing(lines, OUTPUT)).toBeUndefined();
  expect(endOf(lines, OUTPUT)).toBeGreaterThan(0);
});

it.each([
  [['last', 'first'], 'first'],
  [['first', 'first'], 'first'],
  [['first … last'], 'first … last'],
  [['a.b', 'first'], 'a.b'],
])('misses of %j the line %j', (lines, missing) => {
  expect(firstMissing(lines, OUTPUT)).toBe(missing);
  expect(endOf(lines, OUTPUT)).toBe(-1);
});

it('takes colours away', () => {
  expect(plain('\x1b[32mgreen\x1b[0m\r\n')).toBe('green\n');
});
