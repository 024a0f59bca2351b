import picomatch from 'picomatch';
import { globMatcher } from './glob-matcher';

/**
 * Whether a path is the named one, lies below it, or matches it as a glob. What
 * exists under a name like `pages/[id]` need not be looked for: both count.
 * @param named below the workspace root, with `/`; empty is all of it
 */
export function pathMatcher(named: string): (path: string) => boolean {
  const isGlob = picomatch.scan(named).isGlob;
  const matches = isGlob ? globMatcher([named]) : () => false;
  return (path) => isAtOrBelow(path, named) || matches(path);
}

/** The folder, or file, that all of it lies in. */
export function matchBase(named: string): string {
  const { isGlob, base } = picomatch.scan(named);
  return isGlob ? base : named;
}

/** @param folder empty is the workspace root */
export function isAtOrBelow(path: string, folder: string): boolean {
  if (folder === '' || path === folder) return true;
  return path.startsWith(folder) && path[folder.length] === '/';
}
