import type {
  CreateDependenciesContext,
  ProjectConfiguration,
  RawProjectGraphDependency,
} from '@nx/devkit';

import { OUR_EXECUTORS } from './our-executors';

/** As `DependencyType.implicit`, which takes 250 ms to load. */
const IMPLICIT = 'implicit' as RawProjectGraphDependency['type'];

/**
 * The edges that createNodes found, all of them each time. None has a source
 * file: Nx keeps such ones by that file's hash, and an image that moved to
 * another project would leave a wrong one for ever.
 */
export function createDependencies(
  _options: unknown,
  { projects }: Pick<CreateDependenciesContext, 'projects'>,
): RawProjectGraphDependency[] {
  const names = new Map(
    Object.entries(projects).map(([name, { root }]) => [root, name]),
  );
  return Object.entries(projects).flatMap(([source, project]) =>
    edgesOf(project).flatMap((root): RawProjectGraphDependency[] => {
      const target = names.get(root);
      if (target === undefined || target === source) return [];
      return [{ source, target, type: IMPLICIT } as RawProjectGraphDependency];
    }),
  );
}

/**
 * Other plugins may have given the project targets that nobody has declared:
 * an edge would be in what `^build` and `^production` of them mean.
 */
function edgesOf({ metadata, targets = {} }: ProjectConfiguration): string[] {
  // Users may write metadata, too.
  const { slipway } = Object(metadata) as { slipway?: unknown };
  const { edges, needsEdges } = Object(slipway) as Record<string, unknown>;
  const isOnlyOurs = Object.values(targets).every(({ executor = '' }) =>
    executor.startsWith(OUR_EXECUTORS),
  );
  if (!Array.isArray(edges) || !(isOnlyOurs || needsEdges)) return [];
  return (edges as unknown[]).filter((root) => typeof root === 'string');
}
