import {
  readCachedProjectGraph,
  workspaceRoot,
  type ProjectConfiguration,
  type Tree,
} from '@nx/devkit';

type Projects = ReadonlyMap<string, ProjectConfiguration>;

/** Nx reads its file anew each time, and a generator asks for each target. */
const graphs = new WeakMap<Tree, Projects>();

/**
 * The projects with what other plugins infer, as Nx has made them for this
 * run; none where it has made no graph, or the tree is of another workspace.
 */
export function graphOf(tree: Tree): Projects {
  if (tree.root !== workspaceRoot) return new Map();
  const known = graphs.get(tree) ?? readGraph();
  graphs.set(tree, known);
  return known;
}

function readGraph(): Projects {
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
