import { readPage } from './page';

const page = (...lines: string[]) => readPage('docs/a.md', lines.join('\n'));

it('has the anchors that GitHub makes of headings, told apart by numbers', () => {
  const { anchors } = page(
    '# `nx serve`: what it does',
    '## Options',
    '## Options',
    '### [A link](x.md) *and* more_words',
    '<a id="old"></a>',
  );
  expect([...anchors]).toEqual([
    'nx-serve-what-it-does',
    'options',
    'options-1',
    'a-link-and-more_words',
    'old',
  ]);
});

it('has the links of text, tables, pictures and HTML, with their lines', () => {
  const { links } = page(
    '[one](a.md#b "a title")',
    '',
    '| a |',
    '|---|',
    '| ![two](b.svg) |',
    '',
    '<img src="c.svg">',
    '',
    'not `[this](x.md)`',
    '',
    '[three][ref]',
    '',
    '[ref]: d.md',
  );
  expect(links).toEqual([
    { href: 'a.md#b', title: 'a title', line: 1 },
    { href: 'b.svg', title: '', line: 5 },
    { href: 'c.svg', title: '', line: 7 },
    { href: 'd.md', title: '', line: 11 },
  ]);
});

it('has the blocks of code, also those in lists, and why one is unchecked', () => {
  const { blocks } = page(
    '```sh run',
    'ls',
    '```',
    '- item',
    '  <!-- unchecked: it is what is wrong -->',
    '  ```json',
    '  {',
    '  ```',
  );
  expect(blocks).toEqual([
    {
      info: { language: 'sh', words: ['run'], values: {} },
      text: 'ls\n',
      line: 1,
      unchecked: undefined,
    },
    {
      info: { language: 'json', words: [], values: {} },
      text: '{\n',
      line: 6,
      unchecked: 'it is what is wrong',
    },
  ]);
});
