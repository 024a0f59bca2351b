import { realpathSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Tree } from '@nx/devkit';
import { broken } from './broken';

/** An installed package, of which nothing outside is read. */
export interface PackageFolder {
  /** The names of the folders in one. */
  folders(path: string): readonly string[];
  /** @param parts a folder of the package, and a path that must not leave it */
  read(...parts: readonly string[]): string | undefined;
}

/** @throws SLIPWAY_E_RECIPE, from its functions, for a path that leaves the package */
export function packageFolder(tree: Tree, name: string): PackageFolder {
  const root = `node_modules/${name}`;
  const within = (...parts: readonly string[]) => {
    let path = root;
    for (const part of parts) {
      const next = posix.join(path, part);
      if (posix.isAbsolute(part) || part.includes('\\') || !isIn(path, next)) {
        throw leaves(name, part);
      }
      path = next;
    }
    if (!staysOnDisk(tree.root, root, path))
      throw leaves(name, parts.join('/'));
    return path;
  };
  return {
    folders(path) {
      const folder = within(path);
      return tree
        .children(folder)
        .filter((child) => !tree.isFile(`${folder}/${child}`))
        .sort();
    },
    read: (...parts) => tree.read(within(...parts), 'utf8') ?? undefined,
  };
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A package may itself be a link, as pnpm has it; a link in it may not lead out. */
function staysOnDisk(workspace: string, root: string, path: string): boolean {
  const inside = realPath(join(workspace, root));
  const real = realPath(join(workspace, path));
  if (inside === undefined || real === undefined) return true;
  return real === inside || real.startsWith(inside + sep);
}

/** @returns undefined for what is not on the disk */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function leaves(name: string, path: string) {
  return broken(`${name}: "${path}"`, 'leaves the package');
}
