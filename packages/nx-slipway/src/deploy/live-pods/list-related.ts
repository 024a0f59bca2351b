import { listObjects, resourcePath, type ApiResource } from '../../cluster';
import { inParallel } from '../in-parallel';
import { METADATA_ALONE, makesPods, type LiveObject } from '../live';
import { tookLiveUpdate } from '../live-update';
import { apiVersionOf } from '../object-name';
import type { Related } from '../readiness';
import type { DeploySystems } from '../types';
import { PODS, REPLICA_SETS } from '../watches';
import type { Target } from '../desired';
import type { RelatedIn } from './touched';

const NOTHING: Related = { pods: [], replicaSets: [] };

/**
 * The pods beside workloads, without their specs: one list for each namespace.
 * Where they may not be listed, that is told, and there are none.
 * @param targets what is there already
 * @throws as Cluster.request
 */
export async function listRelated(
  targets: readonly Target[],
  systems: DeploySystems,
): Promise<RelatedIn> {
  const places = targets
    .filter(({ groupKind }) => makesPods(groupKind))
    .map(({ namespace }) => namespace);
  const found = new Map(
    await inParallel(
      new Set(places),
      async (namespace) =>
        [namespace, await relatedIn(namespace, systems)] as const,
    ),
  );
  return (namespace) => found.get(namespace) ?? NOTHING;
}

/** What makes pods is of interest only where one took a live update. */
async function relatedIn(
  namespace: string | undefined,
  systems: DeploySystems,
): Promise<Related> {
  const pods = await list(PODS, namespace, systems);
  if (!pods.some(tookLiveUpdate)) return NOTHING;
  return { pods, replicaSets: await list(REPLICA_SETS, namespace, systems) };
}

async function list(
  resource: ApiResource,
  namespace: string | undefined,
  { cluster, reporter }: DeploySystems,
): Promise<LiveObject[]> {
  const path = resourcePath(resource, { namespace });
  const found = await listObjects(cluster, path, METADATA_ALONE);
  if ('objects' in found) {
    const apiVersion = apiVersionOf(resource);
    const { kind } = resource;
    return [...found.objects.values()].map((each) => ({
      ...{ ...each, apiVersion, kind },
    }));
  }
  const refusal = cluster.refusal(found.request, found.answer);
  if (found.answer.status !== 403) throw refusal;
  reporter.info(
    `not looked at, so pods that took live updates stay: ${refusal.message}`,
  );
  return [];
}
