import type { Tree } from '@nx/devkit';
import { executorThere } from './add-target';
import type { Project } from './project-of';
import { SET_NAMES, targetNames } from './target-names';

/** A target of a project that has a name which one of ours would have. */
export interface TakenTarget {
  /** As `targetNames` in nx.json has it. */
  readonly key: (typeof SET_NAMES)[number];
  readonly name: string;
  readonly executor: string;
}

/** Where a project that holds manifests has none of ours. */
export function takenTargets(tree: Tree, project: Project): TakenTarget[] {
  const names = targetNames(tree);
  return SET_NAMES.flatMap((key) => {
    const name = names[key];
    const executor = executorThere(tree, project, name);
    const isFree = executor === undefined || executor === `nx-slipway:${key}`;
    return isFree ? [] : { key, name, executor };
  });
}
