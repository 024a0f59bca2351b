import { readPage, type Page } from '../page';
import { wrongLinks } from './check';
import { holdsTest } from './test-names';

const SPEC = `
// it('not in a comment')
describe('prune', () => {
  it('takes what has left', () => {});
  it.each(['claim', 'pod'])('keeps a %s that holds data', (kind) => {});
  it.each<[string, number]>([
    ['x(y', 1],
  ])("doesn't ask %j", () => {});
});
`;

const PAGES: Readonly<Record<string, string>> = {
  'README.md': '# The tool\n## How it works\n',
  'docs/a.md': '# A page\n<a id="old"></a>\n',
  'e2e/a.spec.ts': SPEC,
  'docs/images/a.svg': '',
};

function wrong(text: string): string[] {
  const exists = (path: string) =>
    path in PAGES ||
    Object.keys(PAGES).some((one) => one.startsWith(`${path}/`));
  return wrongLinks(readPage('docs/b.md', `# B\n${text}`), {
    exists,
    pageAt: (path): Page | undefined =>
      path.endsWith('.md') ? readPage(path, PAGES[path] ?? '') : undefined,
    textOf: (path) => PAGES[path] ?? '',
  });
}

it.each([
  '[a](a.md)',
  '[a](a.md#a-page)',
  '[a](a.md#old)',
  '[a](../README.md#how-it-works)',
  '[a](#b)',
  '![a](images/a.svg)',
  '[a](images)',
  '[a](../e2e/a.spec.ts)',
  '[a](../e2e/a.spec.ts "takes what has left")',
  '[a](../e2e/a.spec.ts "keeps a claim that holds data")',
  '[a](https://example.com/x#y)',
])('lets %s be', (text) => {
  expect(wrong(text)).toEqual([]);
});

it.each([
  ['[a](b2.md)', 'b2.md leads to no file'],
  ['[a](a.md#b)', 'a.md#b has no such anchor'],
  ['[a](#c)', '#c has no such anchor'],
  ['[a](../../x.md)', '../../x.md leads out of the repository'],
  ['[a](/docs/a.md)', '/docs/a.md begins with a /'],
  ['<img src="images/b.svg">', 'images/b.svg leads to no file'],
  ['[a](images/a.svg#x)', 'images/a.svg#x has an anchor in what is no page'],
  [
    '[a](../e2e/a.spec.ts "takes what stays")',
    '../e2e/a.spec.ts has no test "takes what stays"',
  ],
  ['[a](http://example.com)', 'http://example.com is not https'],
  ['[a](https://registry)', 'https://registry is no public host'],
])('finds what is wrong with %s', (text, what) => {
  expect(wrong(text)).toEqual([`line 2: ${what}`]);
});

it.each([
  ['prune', true],
  ["doesn't ask 1", true],
  ['keeps a pod', false],
  ['keeps that holds data', false],
  ['not in a comment', false],
  ['x(y', false],
])('tells whether there is a test named %s', (title, isThere) => {
  expect(holdsTest(SPEC, title)).toBe(isThere);
});
