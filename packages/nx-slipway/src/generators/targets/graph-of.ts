import {
  readCachedProjectGraph,
  workspaceRoot,
  type ProjectConfiguration,
  type Tree,
} from '@nx/devkit';

/**
 * The projects with what other plugins infer, as Nx has made them for this
 * run; none where it has made no graph, or the tree is of another workspace.
 */
export function graphOf(tree: Tree): Map<string, ProjectConfiguration> {
  if (tree.root !== workspaceRoot) return new Map();
  try {
    const { nodes } = readCachedProjectGraph();
    return new Map(
      Object.values(nodes).map(({ name, data }) => [name, data] as const),
    );
  } catch {
    // Nx says so by an error of no class of its own: there is no graph yet.
    return new Map();
  }
}
