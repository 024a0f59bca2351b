import { allPages, readPage } from '../page';
import { isStep, stepsOf } from '../story';
import { wrongCode } from './block';

/** Whose steps a test does. */
const STORIES = ['docs/getting-started.md'];

const pages = allPages().map((page) => [page.path, page] as const);

it.each(pages)('what %s shows of commands and files is so', (_path, page) => {
  expect(wrongCode(page)).toEqual([]);
});

it.each(pages.filter(([path]) => STORIES.includes(path)))(
  'the steps of %s can be done',
  (_path, page) => {
    expect(stepsOf(page)).not.toEqual([]);
  },
);

it.each(pages.filter(([path]) => !STORIES.includes(path)))(
  '%s has no steps, which nobody would do',
  (_path, page) => {
    expect(page.blocks.filter(isStep)).toEqual([]);
  },
);

it('finds what is wrong in blocks and between backticks, by its line', () => {
  const text = [
    'See `nx sevre shop`, and `slipway stauts`.',
    '',
    '```',
    'nx sevre: an output',
    '$ nx sevre shop',
    '```',
    '```sh',
    'npm ci',
    'nx deplo shop',
    '```',
    '```yaml',
    'a: [',
    '```',
    '<!-- unchecked: to show it -->',
    '```json',
    '{',
    '```',
    '```sh run',
    'npx slipway doctr',
    '```',
  ];
  const page = readPage('a.md', text.join('\n'));
  expect(wrongCode(page)).toEqual([
    'line 3: nx sevre shop: there is no target sevre',
    'line 7: nx deplo shop: there is no target deplo (1 lines below)',
    expect.stringMatching(/^line 11: Flow sequence/),
    'line 18: npx slipway doctr: slipway has no command doctr',
    'line 1: nx sevre shop: there is no target sevre',
    'line 1: slipway stauts: slipway has no command stauts',
  ]);
});
