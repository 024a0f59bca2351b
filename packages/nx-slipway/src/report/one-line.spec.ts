import { oneLine } from './one-line';

it('makes one line of many, without what moves a cursor', () => {
  expect(oneLine(' no\u001b[31m\r\nsuch\tthing\u0085\n')).toBe(
    'no [31m such thing',
  );
});
