import { getProjects, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { DEFAULT_NAMES, type TargetNames } from '../../settings';
import { graphOf } from './graph-of';

/** Where the plugin looks for manifests, unless nx.json says otherwise. */
const FOLDERS = ['k8s', 'kubernetes', 'deploy', 'manifests'];
const OURS = /^nx-slipway:/;

/**
 * Other names for targets whose own a project has for something else, which
 * holds manifests as well: `k8s-serve` beside the `serve` of a web application.
 */
export function takenNames(tree: Tree): Partial<TargetNames> {
  const holders = projectsOf(tree).filter((project) =>
    FOLDERS.some((folder) => holdsYaml(tree, `${project.root}/${folder}`)),
  );
  const entries = Object.entries(DEFAULT_NAMES) as [string, string][];
  const taken = entries.filter(([, name]) =>
    holders.some(({ targets = {} }) => {
      const target = targets[name];
      return target !== undefined && !OURS.test(target.executor ?? '');
    }),
  );
  return Object.fromEntries(
    taken
      .filter(([key]) => key !== 'customBuild')
      .map(([key, name]) => [key, `k8s-${name}`]),
  );
}

/** With what other plugins infer, where Nx has made a graph before. */
function projectsOf(tree: Tree): ProjectConfiguration[] {
  return [...getProjects(tree).values(), ...graphOf(tree).values()];
}

function holdsYaml(tree: Tree, folder: string): boolean {
  return tree
    .children(folder)
    .some(
      (name) =>
        /\.ya?ml$/.test(name) ||
        (!tree.isFile(`${folder}/${name}`) &&
          holdsYaml(tree, `${folder}/${name}`)),
    );
}
