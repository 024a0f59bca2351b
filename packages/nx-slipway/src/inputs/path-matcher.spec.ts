import { isAtOrBelow, matchBase, pathMatcher } from './path-matcher';

it.each([
  ['app/src', 'app/src'],
  ['app/src', 'app/src/deep/a.ts'],
  ['', 'a.ts'],
  ['app/*.lock', 'app/a.lock'],
  ['app/**/package.json', 'app/package.json'],
  ['app/**/package.json', 'app/.x/y/package.json'],
  ['pages/[id].ts', 'pages/[id].ts'],
  ['pages/[id]', 'pages/[id]/a.ts'],
  ['pages/[id].ts', 'pages/i.ts'],
])('%j means %s', (named, path) => {
  expect(pathMatcher(named)(path)).toBe(true);
});

it.each([
  ['app/src', 'app/srcs/a.ts'],
  ['app/src', 'app'],
  ['app/*.lock', 'app/sub/a.lock'],
  ['app/*.lock', 'b/app/a.lock'],
])('%j does not mean %s', (named, path) => {
  expect(pathMatcher(named)(path)).toBe(false);
});

it('knows the folder that a glob looks into', () => {
  expect(matchBase('app/src/**/*.ts')).toBe('app/src');
  expect(matchBase('**/*.ts')).toBe('');
  expect(matchBase('app/src')).toBe('app/src');
});

it('takes the root for what all lies below', () => {
  expect(isAtOrBelow('a/b', '')).toBe(true);
  expect(isAtOrBelow('ab', 'a')).toBe(false);
});
