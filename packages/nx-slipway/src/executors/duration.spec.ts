import { slipwayError } from '../testing/slipway-error';
import { parseDuration } from './duration';

it.each([
  [90, 90_000],
  [0.5, 500],
  ['90', 90_000],
  ['90s', 90_000],
  ['1.5s', 1500],
  ['500ms', 500],
  ['5m', 300_000],
  ['1h', 3_600_000],
  [' 5m ', 300_000],
  ['596h', 2_145_600_000],
])('reads %j as %s ms', (value, ms) => {
  expect(parseDuration(value, 'timeout')).toBe(ms);
});

it.each([
  0,
  -1,
  NaN,
  Infinity,
  '',
  's',
  '5 m',
  '5d',
  '-5s',
  '1e3',
  '0ms',
  '597h',
])('refuses %j, and names the option', (value) => {
  expect(() => parseDuration(value, 'timeout')).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', /^timeout is /),
  );
});
