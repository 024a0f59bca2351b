import type { ApiResource, Cluster } from '../../cluster';
import { inParallel } from '../in-parallel';
import type { Inventory } from '../inventory';
import { groupKindOf } from '../object-name';

interface ApiGroup {
  readonly preferredVersion?: { readonly groupVersion: string };
  readonly versions?: readonly { readonly groupVersion: string }[];
}

export interface ServedKinds {
  readonly resources: readonly ApiResource[];
  /** `Widget.acme.dev`, which the cluster knows no more. */
  readonly gone: readonly string[];
}

/**
 * How the API calls the kinds of an inventory, which tells no versions.
 * @param known those that need not be asked for
 * @throws as Cluster.request
 */
export async function servedKinds(
  { groupKinds }: Inventory,
  known: readonly ApiResource[],
  cluster: Cluster,
): Promise<ServedKinds> {
  const byKind = new Map(known.map((each) => [groupKindOf(each), each]));
  const gone: string[] = [];
  await inParallel(
    groupKinds.filter((groupKind) => !byKind.has(groupKind)),
    async (groupKind) => {
      const resource = await resourceOf(groupKind, cluster);
      if (resource) byKind.set(groupKind, resource);
      else gone.push(groupKind);
    },
  );
  return { resources: [...byKind.values()], gone };
}

async function resourceOf(groupKind: string, cluster: Cluster) {
  const [kind = '', ...rest] = groupKind.split('.');
  const group = rest.join('.');
  for (const version of await versionsOf(group, cluster)) {
    const resource = await cluster.resource(version, kind);
    if (resource) return resource;
  }
  return undefined;
}

/** The preferred one first. */
async function versionsOf(group: string, cluster: Cluster): Promise<string[]> {
  if (group === '') return ['v1'];
  const path = `/apis/${encodeURIComponent(group)}`;
  const found = await cluster.get<ApiGroup>(path);
  const all = (found?.versions ?? []).map((each) => each.groupVersion);
  const preferred = found?.preferredVersion?.groupVersion;
  return preferred ? [preferred, ...all.filter((v) => v !== preferred)] : all;
}
