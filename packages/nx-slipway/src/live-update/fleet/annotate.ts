import { isSuccess, type Cluster } from '../../cluster';
import type { ContainerPlace } from '../types';
import { LIVE_UPDATE } from '../../settings';
import { uidOf, type PodObject } from './pod';

type ApiServer = Pick<Cluster, 'request' | 'refusal' | 'get'>;

/** Of its own, so that what is applied to a pod takes nothing away. */
const MANAGER = 'nx-slipway-live-update';

/** What is not there, and what has come in its place. */
const GONE = [404, 409];

/**
 * Has a pod carry the annotation. One that is gone needs none.
 * @throws SLIPWAY_E_CLUSTER_REFUSED if one may not patch pods; and as
 *   Cluster.request
 */
export async function annotatePod(
  cluster: ApiServer,
  pod: PodObject,
  value: string,
): Promise<void> {
  const { name, namespace = '' } = pod.metadata;
  const request = {
    method: 'PATCH',
    path: `${podPath({ namespace, pod: name })}?fieldManager=${MANAGER}`,
    contentType: 'application/merge-patch+json',
    // The uid: of no other pod of that name.
    body: {
      metadata: { uid: uidOf(pod), annotations: { [LIVE_UPDATE]: value } },
    },
  } as const;
  const answer = await cluster.request(request);
  if (isSuccess(answer) || GONE.includes(answer.status)) return;
  throw cluster.refusal(request, answer);
}

/** @returns undefined: it is gone. @throws as Cluster.get */
export function readPod(
  cluster: ApiServer,
  place: ContainerPlace,
): Promise<PodObject | undefined> {
  return cluster.get(podPath(place));
}

function podPath({ namespace, pod }: Omit<ContainerPlace, 'container'>) {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
}
