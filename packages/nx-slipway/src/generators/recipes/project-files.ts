import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';

/** The files of a project, and of the workspace around it, as conditions ask for them. */
export interface ProjectFiles {
  /**
   * The first file, in the order of names, that a pattern means. Relative to
   * the project unless it begins with `{workspaceRoot}/`; `*` is anything
   * within one name.
   */
  find(pattern: string): string | undefined;
  read(path: string): string | undefined;
}

const FROM_ROOT = /^\{workspaceRoot\}\//;

export function projectFiles(tree: Tree, root: string): ProjectFiles {
  const baseOf = (path: string) => (FROM_ROOT.test(path) ? '.' : root);
  const inner = (path: string) => path.replace(FROM_ROOT, '');
  return {
    find(pattern) {
      const start = baseOf(pattern);
      const parts = inner(pattern).split('/');
      // A recipe of another package looks at nothing outside.
      if (parts.includes('..')) return undefined;
      const found = walk(tree, start, parts);
      if (found === undefined) return undefined;
      const path = posix.relative(start, found);
      return start === root ? path : `{workspaceRoot}/${path}`;
    },
    read: (path) =>
      tree.read(posix.join(baseOf(path), inner(path)), 'utf8') ?? undefined,
  };
}

function walk(
  tree: Tree,
  folder: string,
  [part = '', ...rest]: readonly string[],
): string | undefined {
  const names = part.includes('*')
    ? tree.children(folder).filter((name) => like(part).test(name))
    : [part];
  for (const name of names.sort()) {
    const path = posix.join(folder, name);
    const found =
      rest.length > 0
        ? walk(tree, path, rest)
        : tree.isFile(path)
          ? path
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function like(part: string): RegExp {
  const text = part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${text.replaceAll('*', '.*')}$`);
}
