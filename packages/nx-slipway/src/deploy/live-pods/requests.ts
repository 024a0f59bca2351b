import { resourcePath, type KubeRequest } from '../../cluster';
import type { Target } from '../desired';
import { apiVersionOf } from '../object-name';
import type { LiveObject } from '../live';
import { PODS } from '../watches';

/**
 * Of its own: what is applied later neither takes the annotation away nor
 * conflicts with it.
 */
const MANAGER = 'nx-slipway-restart';
const RESTARTED_AT = 'nx-slipway.dev/restarted-at';

/**
 * Has a workload roll out anew. Of another one of that name it is a conflict.
 * @param at an ISO 8601 time
 */
export function restartRequest(
  { resource, kind, namespace, name }: Target,
  { metadata: { uid } }: LiveObject,
  at: string,
): KubeRequest {
  const query = `fieldManager=${MANAGER}&force=true`;
  return {
    method: 'PATCH',
    path: `${resourcePath(resource, { namespace, name })}?${query}`,
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: apiVersionOf(resource),
      kind,
      metadata: { name, uid },
      spec: { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } },
    },
  };
}

export function deletionOf({
  metadata: { namespace, name, uid },
}: LiveObject): KubeRequest {
  return {
    method: 'DELETE',
    path: resourcePath(PODS, { namespace, name }),
    body: { preconditions: { uid } },
  };
}
