import { posix } from 'node:path';
import { isAtOrBelow } from '../../../inputs';

/** All paths here are from the workspace root, whose own path is ''. */

export const parentOf = (path: string): string => {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
};

/** As project.json writes it. @param root of the project; '' or '.' is the workspace's */
export function optionPath(path: string, root: string): string {
  const home = root === '.' ? '' : root;
  if (isAtOrBelow(path, home)) return posix.relative(home, path) || '.';
  return path === '' ? '{workspaceRoot}' : `{workspaceRoot}/${path}`;
}

/** As a command writes it that runs in a folder. */
export const commandPath = (path: string, dir: string): string =>
  posix.relative(dir, path) || '.';

/** The deepest folder that all of these are in. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let common = first;
  while (!others.every((folder) => isAtOrBelow(folder, common))) {
    common = parentOf(common);
  }
  return common;
}
