import { getProjects, type Tree } from '@nx/devkit';
import { CUSTOM_BUILD } from '../../../settings';
import { graphOf, targetNames } from '../../targets';
import type { KnownProject, Workspace } from '../plan';

type Targets = Readonly<
  Record<string, { executor?: string; command?: string; options?: unknown }>
>;

/** What a Tree of Nx and its graph know. */
export function workspaceOf(tree: Tree, ignored: readonly string[]): Workspace {
  const names = targetNames(tree);
  return {
    projects: projectsOf(tree, names.customBuild),
    targetNames: names,
    ignored,
    isFile: (path) => tree.exists(path) && tree.isFile(path),
    exists: (path) => tree.exists(path),
    read: (path) =>
      tree.exists(path) && tree.isFile(path)
        ? (tree.read(path, 'utf8') ?? undefined)
        : undefined,
  };
}

/** With those that other plugins infer, and what they infer for them. */
function projectsOf(tree: Tree, customBuild: string): KnownProject[] {
  const inferred = graphOf(tree);
  const declared = getProjects(tree);
  const names = new Set([...declared.keys(), ...inferred.keys()]);
  return [...names].map((name) => {
    const own = declared.get(name);
    const seen = inferred.get(name);
    const root = own?.root ?? seen?.root ?? '';
    const targets = { ...seen?.targets, ...own?.targets } as Targets;
    return {
      name,
      root: root === '.' ? '' : root,
      targets: Object.fromEntries(
        Object.entries(targets).map(
          ([target, { executor, command, options }]) => {
            const ran = executor ?? (command ? 'nx:run-commands' : undefined);
            const isOurs =
              ran === CUSTOM_BUILD || (!ran && target === customBuild);
            const { ref } = (options ?? {}) as { ref?: unknown };
            return [
              target,
              {
                ...(ran && { executor: ran }),
                ...(isOurs && typeof ref === 'string' && { ref }),
              },
            ];
          },
        ),
      ),
    };
  });
}
