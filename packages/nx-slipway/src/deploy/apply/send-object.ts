import { resourcePath, type KubeRequest } from '../../cluster';
import type { Target } from '../desired';
import { MANAGER, takenOver } from '../fields';
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
 * What makes ours what `kubectl apply` and Tilt own in an object, as client-go's
 * csaupgrade does. Nothing else of the object changes by it.
 * @returns nothing, if they own nothing in it
 */
export function takeOverRequest(
  { resource, namespace, name }: Target,
  { metadata: { managedFields = [], resourceVersion } }: LiveObject,
): KubeRequest | undefined {
  const fields = takenOver(managedFields);
  if (!fields) return undefined;
  return {
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
}
