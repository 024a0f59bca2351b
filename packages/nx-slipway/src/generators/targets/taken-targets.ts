import type { Tree } from '@nx/devkit';
import { executorOf, SET_KINDS, type SetKind } from '../../settings';
import { executorThere } from './add-target';
import type { Project } from './project-of';
import { targetNames } from './target-names';

/** A target of a project that has a name which one of ours would have. */
export interface TakenTarget {
  /** As `targetNames` in nx.json has it. */
  readonly key: SetKind;
  readonly name: string;
  readonly executor: string;
}

/** Where a project that holds manifests has none of ours. */
export function takenTargets(tree: Tree, project: Project): TakenTarget[] {
  const names = targetNames(tree);
  return SET_KINDS.flatMap((key) => {
    const name = names[key];
    const executor = executorThere(tree, project, name);
    const isFree = executor === undefined || executor === executorOf(key);
    return isFree ? [] : { key, name, executor };
  });
}
