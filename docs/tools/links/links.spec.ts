import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPages, pageAt, REPOSITORY } from '../page';
import { wrongLinks, type Files } from './check';

const pages = allPages();

const files: Files = {
  exists: (path) => existsSync(join(REPOSITORY, path)),
  pageAt: (path) =>
    pages.find((page) => page.path === path) ??
    (path.endsWith('.md') ? pageAt(path) : undefined),
  textOf: (path) => readFileSync(join(REPOSITORY, path), 'utf8'),
};

it.each(pages.map((page) => [page.path, page] as const))(
  'the links of %s lead somewhere',
  (_path, page) => {
    expect(wrongLinks(page, files)).toEqual([]);
  },
);
