import { useTempFolder } from '../testing/temp-folder';
import { GitIgnore } from './git-ignore';

const folder = useTempFolder();

/** @param path of a directory if it ends in a slash */
function ignores(path: string, root = folder.path): boolean {
  const isDirectory = path.endsWith('/');
  return new GitIgnore(root).ignores(
    folder.at(isDirectory ? path.slice(0, -1) : path),
    isDirectory,
  );
}

describe('a .gitignore', () => {
  it.each([
    ['*.log', 'a.log', true],
    ['*.log', 'sub/a.log', true],
    ['/a', 'a', true],
    ['/a', 'sub/a', false],
    ['dist/', 'dist/', true],
    ['dist/', 'dist', false],
    ['dist/', 'dist/deep/x', true],
    ['sub/*.x', 'other/sub/a.x', false],
    ['**/sub/*.x', 'other/sub/a.x', true],
    ['# a', '# a', false],
    ['BUILD', 'build', false],
    ['*\n!keep', 'keep', false],
    // gitignore(5): nothing in an ignored directory can be taken back.
    ['dist/\n!dist/keep', 'dist/keep', true],
    ['dist/*\n!dist/keep', 'dist/keep', false],
    ['*', '..odd', true],
  ])('%j says of %s: %s', async (rules, path, is) => {
    await folder.write({ '.gitignore': `${rules}\n` });
    expect(ignores(path)).toBe(is);
  });

  it('is overruled by one deeper down', async () => {
    await folder.write({
      '.gitignore': '*.log\n',
      'app/.gitignore': '!keep.log\n*.tmp\n',
      'app/deep/.gitignore': 'keep.log\n',
    });
    expect(ignores('app/keep.log')).toBe(false);
    expect(ignores('app/deep/keep.log')).toBe(true);
    expect(ignores('app/a.log')).toBe(true);
    expect(ignores('app/deep/a.tmp')).toBe(true);
    expect(ignores('a.tmp')).toBe(false);
  });

  it('counts below the root alone', async () => {
    await folder.write({ '.gitignore': '*\n', 'ws/a': '' });
    expect(ignores('ws/a', folder.at('ws'))).toBe(false);
    expect(ignores('other/a', folder.at('ws'))).toBe(false);
  });

  it('may be absent', () => {
    expect(ignores('a/b/c')).toBe(false);
  });
});
