import {
  resourcePath,
  type Cluster,
  type KubeAnswer,
  type KubeRequest,
} from '../../cluster';
import type { Target } from '../desired';
import { MANAGER, takenOver, type ManagedFields } from '../fields';
import type { LiveObject } from '../live';

export interface ApplyQuery {
  readonly force: boolean;
  readonly dryRun?: boolean;
}

/** A server-side apply patch of a whole object, checked as kubectl has it checked. */
export function applyRequest(
  { resource, namespace, name, object }: Target,
  { force, dryRun }: ApplyQuery,
): KubeRequest {
  const query = new URLSearchParams({
    fieldManager: MANAGER,
    force: String(force),
    fieldValidation: 'Strict',
    ...(dryRun && { dryRun: 'All' }),
  });
  return {
    method: 'PATCH',
    path: `${resourcePath(resource, { namespace, name })}?${query.toString()}`,
    contentType: 'application/apply-patch+yaml',
    body: object,
  };
}

/**
 * Makes ours what `kubectl apply` and Tilt own in an object, as client-go's
 * csaupgrade does. Nothing else of the object changes by that.
 * @returns nothing, if they own nothing in it
 * @throws as Cluster.request
 */
export async function takeOver(
  { resource, namespace, name }: Target,
  live: LiveObject,
  cluster: Cluster,
): Promise<KubeAnswer | undefined> {
  const { managedFields = [], resourceVersion } = live.metadata;
  const fields = takenOver(managedFields as readonly ManagedFields[]);
  if (!fields) return undefined;
  const request: KubeRequest = {
    method: 'PATCH',
    path: `${resourcePath(resource, { namespace, name })}?fieldManager=${MANAGER}`,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/metadata/managedFields', value: fields },
      // Replaced, not tested: then a version that has passed is answered 409.
      {
        op: 'replace',
        path: '/metadata/resourceVersion',
        value: resourceVersion,
      },
    ],
  };
  return cluster.request(request);
}
