import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { namesOf, type Kind } from '../options';
import { allPages, pageAt, readPage, REPOSITORY } from '../page';

const textOf = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** The rows of the table below a heading, each as its cells. */
function rowsBelow(path: string, heading: string): string[][] {
  const [, section = ''] = textOf(path).split(`\n## ${heading}\n`);
  return section
    .split(/\n## /)[0]!
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .slice(1);
}

describe('the option tables', () => {
  const all = allPages()
    .map(({ path }) => textOf(path))
    .join('\n');
  const kinds: Kind[] = ['executor', 'generator'];

  it.each(kinds.flatMap((kind) => namesOf(kind).map((name) => [kind, name])))(
    'there is one of the %s %s',
    (kind, name) => {
      const isBoth = kinds.every((one) => namesOf(one).includes(name));
      const written = isBoth && kind === 'generator' ? `${kind} ${name}` : name;
      expect(all).toMatch(
        new RegExp(`^<!-- options: ${written}[ \\w=,]* -->$`, 'm'),
      );
    },
  );

  it('tell all options of the plugin in nx.json, and no others', () => {
    const rows = rowsBelow('docs/custom-build.md', 'Options of the plugin');
    const names = rows.map(([option = '']) => option.replaceAll('`', ''));
    const source = textOf('packages/nx-slipway/src/settings/plugin-options.ts');
    expect([...names].sort()).toEqual(
      membersOf('PluginOptions', source).sort(),
    );
  });
});

describe('the table of features', () => {
  const rows = rowsBelow('README.md', 'How it compares');

  it('compares something', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it.each(rows.map(([feature = '', ours = '']) => [feature, ours]))(
    'shows by a test that we do: %s',
    (_feature, ours) => {
      if (/^no\b/.test(ours)) return;
      const { links } = readPage('README.md', ours);
      const specs = links.filter(({ href }) => href.endsWith('.spec.ts'));
      expect(specs).not.toEqual([]);
    },
  );
});

it('leaves only few blocks unchecked', () => {
  const unchecked = allPages().flatMap(({ path, blocks }) =>
    blocks
      .filter((block) => block.unchecked !== undefined)
      .map((block) => `${path}: ${block.unchecked}`),
  );
  expect(unchecked.length).toBeLessThan(5);
});

it('is reached from the front page: each page of docs/', () => {
  const linked = new Set(['README.md']);
  for (const path of linked) {
    if (!path.endsWith('.md')) continue;
    const page = pageAt(path);
    for (const { href } of page.links) {
      const [file = ''] = href.split('#');
      if (/^\w+:/.test(href) || !file.endsWith('.md')) continue;
      linked.add(join(path, '..', file));
    }
  }
  const pages = allPages().map(({ path }) => path);
  const docs = pages.filter((path) => /^docs\/[^/]+\.md$/.test(path));
  expect(docs.filter((path) => !linked.has(path))).toEqual([]);
});

/** The names of what an interface has. */
function membersOf(name: string, source: string): string[] {
  const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest);
  return file.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((one) => one.name.text === name)
    .flatMap(({ members }) => members)
    .map((member) => member.name?.getText(file) ?? '');
}
