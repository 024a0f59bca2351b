import { readFileSync, statSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unlessRefused } from './system-error';

/**
 * A lock that is older was left by a Git that died, or is held while somebody
 * writes a commit message; in milliseconds.
 */
const STALE_MS = 10_000;

/**
 * The files by which Git says that it is about to change a work tree.
 * @param paths absolute, in any repositories or in none
 */
export function gitLocksOf(paths: Iterable<string>): string[] {
  const locks = new Set<string>();
  const seen = new Set<string>();
  for (const path of paths) {
    for (let at = path; !seen.has(at); at = dirname(at)) {
      seen.add(at);
      const folder = gitFolderIn(at);
      if (folder === undefined) continue;
      locks.add(join(folder, 'index.lock'));
      break;
    }
  }
  return [...locks];
}

/** @param now milliseconds since 1970, as the file system has them */
export function isGitWriting(locks: readonly string[], now: number): boolean {
  return locks.some((lock) => {
    const stat = statOf(lock);
    return stat !== undefined && now - stat.ctimeMs < STALE_MS;
  });
}

/** In a worktree or a submodule `.git` is a file that names it: gitrepository-layout(5). */
function gitFolderIn(folder: string): string | undefined {
  const git = join(folder, '.git');
  const stat = statOf(git);
  if (!stat?.isFile()) return stat && git;
  const [, named] = /^gitdir: (.+)$/m.exec(textOf(git)) ?? [];
  return named === undefined ? undefined : resolve(folder, named);
}

function statOf(path: string): Stats | undefined {
  return unlessRefused(() => statSync(path, { throwIfNoEntry: false }));
}

function textOf(path: string): string {
  return unlessRefused(() => readFileSync(path, 'utf8')) ?? '';
}
