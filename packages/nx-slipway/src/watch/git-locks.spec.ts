import { rm } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { gitLocksOf, isGitWriting } from './git-locks';

const temp = useTempFolder();

it('are those of the repositories that paths lie in, each once', async () => {
  await temp.write({ 'a/.git/config': '', 'a/app/src/file': '' });
  const paths = ['a/app/src/file', 'a/app', 'a', 'b'].map((path) =>
    temp.at(path),
  );
  expect(gitLocksOf(paths)).toEqual([temp.at('a/.git/index.lock')]);
});

it('are those of the innermost: a worktree or a submodule', async () => {
  await temp.write({
    'a/.git/config': '',
    'a/tree/.git': 'gitdir: ../.git/worktrees/tree\n',
  });
  expect(gitLocksOf([temp.at('a/tree/src'), temp.at('a')]).sort()).toEqual([
    temp.at('a/.git/index.lock'),
    temp.at('a/.git/worktrees/tree/index.lock'),
  ]);
});

it('are held while they are there, unless they are old', async () => {
  const lock = temp.at('.git/index.lock');
  const locks = gitLocksOf([temp.path]);
  expect(isGitWriting(locks, Date.now())).toBe(false);
  await temp.write({ '.git/index.lock': '' });
  // That of a repository that came later is found when trees change.
  expect(isGitWriting(gitLocksOf([temp.path]), Date.now())).toBe(true);
  expect(isGitWriting([lock], Date.now() + 11_000)).toBe(false);
  await rm(lock);
  expect(isGitWriting([lock], Date.now())).toBe(false);
});

it('are none for a `.git` that says nothing, or cannot be read', async () => {
  await temp.write({ 'a/.git': '', 'b/file': '' });
  expect(gitLocksOf([temp.at('a'), temp.at('b/file/deep')])).toEqual([]);
});
