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

  it.each([
    ['of its own', 'ws/.git/HEAD'],
    ['as a worktree has it', 'ws/.git'],
    ['of nobody', 'ws/a'],
  ])('counts below the root alone, with a .git %s', async (_, file) => {
    await folder.write({ '.gitignore': '*\n', [file]: '' });
    expect(ignores('ws/a', folder.at('ws'))).toBe(false);
    expect(ignores('other/a', folder.at('ws'))).toBe(false);
  });

  it('may be absent', () => {
    expect(ignores('a/b/c')).toBe(false);
  });
});

describe('a repository that the workspace is a folder of', () => {
  const ignoresInside = (path: string) =>
    ignores(`repo/sub/ws/${path}`, folder.at('repo/sub/ws'));

  it('has its .gitignore files count', async () => {
    await folder.write({
      'repo/.git/HEAD': '',
      'repo/.gitignore': 'dist/\n*.log\n',
      'repo/sub/.gitignore': '*.tmp\n',
    });
    expect(ignoresInside('app/dist/')).toBe(true);
    expect(ignoresInside('app/dist/x')).toBe(true);
    expect(ignoresInside('a.log')).toBe(true);
    expect(ignoresInside('app/a.tmp')).toBe(true);
    expect(ignoresInside('app/a')).toBe(false);
    expect(ignores('repo/a.log', folder.at('repo/sub/ws'))).toBe(false);
  });

  it('is overruled by the workspace', async () => {
    await folder.write({
      'repo/.git/HEAD': '',
      'repo/.gitignore': '*.log\n*.tmp\n',
      'repo/sub/ws/.gitignore': '!*.log\n',
      'repo/sub/ws/.nxignore': '!*.tmp\n',
    });
    expect(ignoresInside('a.log')).toBe(false);
    expect(ignoresInside('app/a.tmp')).toBe(false);
  });

  // As Nx 23.2 has it, where git has not.
  it('counts as Nx takes it: from the root of the workspace, the topmost last', async () => {
    await folder.write({
      'repo/.git/HEAD': '',
      'repo/.gitignore': '/dist\n/sub/ws/out\n*.a\n!*.b\n',
      'repo/sub/.gitignore': '!*.a\n*.b\n',
    });
    expect(ignoresInside('dist')).toBe(true);
    expect(ignoresInside('out')).toBe(false);
    expect(ignoresInside('x.a')).toBe(true);
    expect(ignoresInside('x.b')).toBe(false);
  });

  it.each([
    ['a .nxignore', 'repo/.nxignore'],
    ["git's own excludes", 'repo/.git/info/exclude'],
    ['what lies above it', '.gitignore'],
  ])('has no more than that: not %s', async (_, file) => {
    await folder.write({ 'repo/.git/HEAD': '', [file]: '*\n' });
    expect(ignoresInside('a')).toBe(false);
  });
});
