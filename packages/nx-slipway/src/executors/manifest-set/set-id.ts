import { randomBytes } from 'node:crypto';
import type { ExecutorContext } from '@nx/devkit';
import type { Cluster } from '../../cluster';
import type { SetId } from '../../deploy';
import { SlipwayError } from '../../report';
import type { Workspace } from '../workspace';

/**
 * What tells a project's manifest set from all others in a cluster.
 * @throws SLIPWAY_E_OPTION_INVALID where nx.json has no id of the workspace
 */
export function setIdOf(
  { options: { workspaceId }, projectName }: Workspace,
  { configurationName }: ExecutorContext,
): SetId {
  if (workspaceId === undefined) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message:
        'nx.json has no workspaceId in the options of nx-slipway. What is deployed is found by it: without one, two workspaces could take each other for the owner of an object.',
      hint: `nx g nx-slipway:init writes one; or add "workspaceId": "${randomBytes(4).toString('hex')}" there, and commit it.`,
    });
  }
  return {
    workspaceId,
    project: projectName,
    configuration: configurationName ?? '',
  };
}

/** Where objects without a namespace go, and where the set's inventory is. */
export function namespaceOf(
  { namespace }: { readonly namespace?: string },
  cluster: Cluster,
): string {
  return namespace ?? cluster.namespace ?? 'default';
}

/** `shop (production), namespace shop of kind-dev`: which set, and where. */
export function setInWords(
  { project, configuration }: SetId,
  namespace: string,
  { context }: Cluster,
): string {
  const which =
    configuration === '' ? project : `${project} (${configuration})`;
  return `${which}, namespace ${namespace} of ${context}`;
}
