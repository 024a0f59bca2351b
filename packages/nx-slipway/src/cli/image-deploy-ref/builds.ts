import { join } from 'node:path';
import {
  contentTag,
  familiarName,
  isTag,
  parseReference,
  referenceIn,
  type DeployRef,
  type ImageRecord,
  type ImageReference,
  type Registry,
} from '../../image';
import { CUSTOM_BUILD } from '../../settings';
import { recordPath } from '../../state';
import { projectGraph } from '../workspace';

/** A target that builds images. */
export interface Build {
  readonly project: string;
  /** As nx run takes it: `frontend:custom-build`. */
  readonly task: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where its record may be. */
  readonly recordPaths: readonly string[];
}

/** Every target of the workspace that builds an image. */
export async function buildsIn(
  root: string,
  graphOf = projectGraph,
): Promise<Build[]> {
  const { nodes } = await graphOf(root);
  return Object.values(nodes).flatMap(({ name: project, data }) =>
    Object.entries(data.targets ?? {})
      .filter(([, { executor }]) => executor === CUSTOM_BUILD)
      .map(([target, { options: given }]): Build => {
        const options = (given ?? {}) as Record<string, unknown>;
        const { recordFile } = options;
        // Nx has taken the {workspaceRoot} away that told these two apart.
        const recordPaths =
          typeof recordFile === 'string'
            ? [join(root, data.root, recordFile), join(root, recordFile)]
            : [recordPath(root, project)];
        return { project, task: `${project}:${target}`, options, recordPaths };
      }),
  );
}

export function buildsOf(
  name: ImageReference,
  builds: readonly Build[],
): Build[] {
  return builds.filter(({ options }) => {
    // What is no name is another's; its own build says what is wrong.
    const found = referenceIn(options.ref);
    return found && familiarName(found) === familiarName(name);
  });
}

/** Who brings a build's image where it is deployed from (docs/modes.md). */
export interface Delivery {
  /** `nobody`: it stays in Docker. */
  readonly by: 'nobody' | 'us' | 'command';
  /** The task that does it. */
  readonly task: string;
  /** The full ref of the option `tag` that the command pushes to. */
  readonly to?: ImageReference;
}

export function deliveryOf(
  { task, options }: Build,
  registry: Registry | undefined,
): Delivery {
  const { tag, push, disablePush, skipsLocalDocker } = options;
  if (disablePush || skipsLocalDocker) {
    const isFull = typeof tag === 'string' && !isTag(tag);
    const to = isFull ? parseReference(tag) : undefined;
    return { by: 'command', task, to };
  }
  const pushes = push === 'always' || (push !== 'never' && registry);
  return { by: pushes ? 'us' : 'nobody', task };
}

/**
 * The ref of an image that both flags leave in the cluster's own runtime: it
 * stands in no registry, under no other name than it was built by.
 * @returns undefined for every other build
 */
export function refInCluster(
  { options }: Build,
  { name, contentId, ref }: ImageRecord,
  tagPrefix: string,
): DeployRef | undefined {
  if (!options.disablePush || !options.skipsLocalDocker) return undefined;
  const { tag } = options;
  const text =
    ref ??
    (typeof tag !== 'string'
      ? `${name}:${contentTag(contentId, tagPrefix)}`
      : isTag(tag)
        ? `${name}:${tag}`
        : tag);
  const found = parseReference(text);
  return { local: found, cluster: found };
}
