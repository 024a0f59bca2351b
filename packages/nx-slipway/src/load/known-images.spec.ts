import { KnownImages } from './known-images';

it('remembers for five minutes what was brought where', () => {
  let now = 0;
  const known = new KnownImages(() => now);
  known.add('https://a', 'node', 'web:1');
  now = 299_999;
  expect(known.has('https://a', 'node', 'web:1')).toBe(true);
  expect(known.has('https://b', 'node', 'web:1')).toBe(false);
  expect(known.has('https://a', 'node-2', 'web:1')).toBe(false);
  expect(known.has('https://a', 'node', 'web:2')).toBe(false);
  now = 300_000;
  expect(known.has('https://a', 'node', 'web:1')).toBe(false);
});
