import type {
  CreateDependenciesContext,
  RawProjectGraphDependency,
} from '@nx/devkit';

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
  return Object.entries(projects).flatMap(([source, { metadata }]) =>
    edgesIn(metadata).flatMap((root): RawProjectGraphDependency[] => {
      const target = names.get(root);
      if (target === undefined || target === source) return [];
      return [{ source, target, type: IMPLICIT } as RawProjectGraphDependency];
    }),
  );
}

/** Users may write metadata, too. */
function edgesIn(metadata: unknown): string[] {
  const { slipway } = Object(metadata) as { slipway?: unknown };
  const { edges } = Object(slipway) as { edges?: unknown };
  return Array.isArray(edges)
    ? (edges as unknown[]).filter((root) => typeof root === 'string')
    : [];
}
