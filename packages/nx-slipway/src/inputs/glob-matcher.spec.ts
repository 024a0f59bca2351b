import { globMatcher } from './glob-matcher';

it('matches what one of the globs does, dotfiles too', () => {
  const matches = globMatcher(['src/**/*.ts', '*.md']);
  expect(matches('src/.deep/.a.ts')).toBe(true);
  expect(matches('a.md')).toBe(true);
  expect(matches('src/a.md')).toBe(false);
  expect(globMatcher([])('a')).toBe(false);
});

it.each([
  ['empty', ''],
  ['too long', '*'.repeat(70_000)],
])('takes a glob that is %s for one that matches nothing', (_, glob) => {
  const matches = globMatcher([glob, '*.md']);
  expect(matches('a.md')).toBe(true);
  expect(matches('a.ts')).toBe(false);
  expect(matches('')).toBe(false);
});
