import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPages, REPOSITORY } from '../page';
import { fillTables } from './fill';

const page = (...lines: string[]) => lines.join('\n');

it('writes a table between the markers, and again the same', () => {
  const once = fillTables(
    page('# Init', '<!-- options: init -->', 'old', '<!-- /options -->', 'end'),
  );
  expect(once).toMatch(
    /^# Init\n<!-- options: init -->\n\n\| option \|[^]*\| `registry` \|[^]*\|\n\n<!-- \/options -->\nend$/,
  );
  expect(once).not.toContain('old');
  expect(fillTables(once)).toBe(once);
});

it('tells executors and generators apart, and takes some of the options', () => {
  const once = fillTables(
    page('<!-- options: executor down only=context -->', '<!-- /options -->'),
  );
  expect(once.match(/^\| `.*`/gm)).toHaveLength(1);
  expect(() =>
    fillTables(
      page('', '<!-- options: generator down -->', '<!-- /options -->'),
    ),
  ).toThrow(/^line 2: There is no generator .*down, but: .*init/);
});

it('leaves markers alone that a block of code shows', () => {
  const text = page('```md', '<!-- options: init -->', '```', '');
  expect(fillTables(text)).toBe(text);
});

it('leaves a page alone that has no markers', () => {
  expect(fillTables('# a\n\ntext\n')).toBe('# a\n\ntext\n');
});

it('knows a marker that nothing ends', () => {
  const begin = '<!-- options: init -->';
  const pages = [page(begin, 'x'), page(begin, begin, '<!-- /options -->')];
  for (const one of pages) expect(() => fillTables(one)).toThrow(/^line 1: no/);
});

it.each(allPages().map(({ path }) => path))(
  'the tables of %s are those of the schemas (else: npx nx run docs:options)',
  (path) => {
    const text = readFileSync(join(REPOSITORY, path), 'utf8');
    expect(text).toBe(fillTables(text));
  },
);
