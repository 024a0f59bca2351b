import type { Tree } from '@nx/devkit';
import type { RecipeFile } from '../recipes';

const EXECUTABLE = 0o755;

/**
 * Writes the files that are not there.
 * @returns the paths of those that are, and stay as they are
 */
export function writeFiles(tree: Tree, files: readonly RecipeFile[]): string[] {
  return files.flatMap(({ path, text, executable }) => {
    if (tree.exists(path)) return [path];
    tree.write(path, text, executable ? { mode: EXECUTABLE } : undefined);
    return [];
  });
}
