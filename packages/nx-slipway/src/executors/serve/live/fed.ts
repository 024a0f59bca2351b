import { join } from 'node:path';
import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import type { LiveUpdate } from '../../../live-update';
import type { LiveFed } from '../../../serve';
import { preparationOf } from '../prepare';

type DependsOn = NonNullable<TargetConfiguration['dependsOn']>;

/**
 * What targets make for syncs, and what these read.
 * @param context of the image's target
 * @returns undefined if no sync names a target
 * @throws as preparationOf
 */
export function fedOf(
  { syncs }: LiveUpdate,
  context: ExecutorContext,
  configuration: string | undefined,
): LiveFed | undefined {
  const fed = syncs.filter(({ target }) => target !== undefined);
  if (fed.length === 0) return undefined;
  const { root } = context;
  const alone = withDependsOn(context, targetsOf(syncs));
  const sources = preparationOf(alone, configuration)?.sources;
  const folder = { root, projectRoot: root, manifests: [], ignore: [] };
  return {
    outputs: {
      ...folder,
      deps: fed.map(({ from }) => ({ path: join(root, from.path) })),
      usesDockerignore: false,
      outputs: [],
    },
    sources: sources ?? { ...folder, deps: [], outputs: [] },
  };
}

/** With the targets of syncs among those that must run before the image. */
export function withSyncTargets(
  context: ExecutorContext,
  liveUpdate: LiveUpdate | undefined,
): ExecutorContext {
  const added = targetsOf(liveUpdate?.syncs ?? []);
  if (added.length === 0) return context;
  const { dependsOn = [] } = context.target ?? {};
  return withDependsOn(context, [...dependsOn, ...added]);
}

function targetsOf(syncs: LiveUpdate['syncs']): DependsOn {
  return syncs.flatMap(({ target }): DependsOn => {
    if (target === undefined) return [];
    const at = target.indexOf(':');
    if (at < 0) return [target];
    return [{ projects: [target.slice(0, at)], target: target.slice(at + 1) }];
  });
}

/** As if the target itself said so. */
function withDependsOn(
  context: ExecutorContext,
  dependsOn: DependsOn,
): ExecutorContext {
  const { projectName = '', targetName = '', projectGraph } = context;
  const node = projectGraph.nodes[projectName];
  const target = { ...context.target, dependsOn };
  if (!node) return { ...context, target };
  const targets = { ...node.data.targets, [targetName]: target };
  const data = { ...node.data, targets };
  const nodes = { ...projectGraph.nodes, [projectName]: { ...node, data } };
  return { ...context, target, projectGraph: { ...projectGraph, nodes } };
}
