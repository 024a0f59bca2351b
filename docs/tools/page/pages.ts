import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage, type Page } from './page';

export const REPOSITORY = join(__dirname, '../../..');

/** What is written for people; fixtures of tests are not. */
const PAGES = [
  '*.md',
  'docs/*.md',
  'docs/**/*.md',
  'packages/*/README.md',
  'examples/*/README.md',
  'e2e/*/README.md',
  'bench/*.md',
];

/** Every page of the repository, also one that is not committed yet. */
export function allPages(): Page[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', [...args, '-z', '--', ...PAGES.map(glob)], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  return [...new Set(names.split('\0'))]
    .filter((name) => name !== '' && existsSync(join(REPOSITORY, name)))
    .sort()
    .map(pageAt);
}

/** @param path from the root of the repository */
export function pageAt(path: string): Page {
  return readPage(path, readFileSync(join(REPOSITORY, path), 'utf8'));
}

/** In which `*` ends at a `/`, other than Git has it. */
const glob = (pattern: string): string => `:(glob)${pattern}`;
