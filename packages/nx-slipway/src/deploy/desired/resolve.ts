import { isApiAway, type Cluster } from '../../cluster';
import type { ManifestObject } from '../../manifest';
import { SlipwayError } from '../../report';
import { inParallel } from '../in-parallel';
import { comingKind, type ComingKind } from './definitions';
import { targetOf, type Target } from './target';

/** Where objects go that say nothing of it, and what they are labelled with. */
export interface SetPlace {
  readonly namespace: string;
  readonly setId: string;
}

/** An object of a kind that comes with the set itself. */
export interface Later {
  readonly manifest: ManifestObject;
  readonly coming: ComingKind;
}

export interface Desired {
  readonly targets: readonly Target[];
  /** To be resolved when their kinds are there. */
  readonly later: readonly Later[];
  /** Those of a kind that the cluster does not know. */
  readonly unknown: readonly ManifestObject[];
}

/** @throws as Cluster.resource */
export async function resolveObjects(
  objects: readonly ManifestObject[],
  place: SetPlace,
  cluster: Cluster,
): Promise<Desired> {
  const found = await inParallel(objects, async (manifest) => {
    const { apiVersion, kind } = manifest.object;
    const coming = comingKind(objects, apiVersion, kind);
    const resource = await cluster
      .resource(apiVersion, kind)
      .catch((error: unknown) => {
        // The set may bring what mends it.
        if (coming?.by === 'service' && isApiAway(error)) return undefined;
        throw error;
      });
    return { manifest, coming, resource };
  });
  const targets: Target[] = [];
  const later: Later[] = [];
  const unknown: ManifestObject[] = [];
  for (const { manifest, coming, resource } of found) {
    if (resource) {
      const isServedBySet = coming?.by === 'service';
      targets.push(targetOf(manifest, resource, place, isServedBySet));
    } else if (coming) later.push({ manifest, coming });
    else unknown.push(manifest);
  }
  return { targets, later, unknown };
}

/** @throws SLIPWAY_E_KIND_UNKNOWN */
export function assertKnown(
  unknown: readonly ManifestObject[],
  { context }: Cluster,
): void {
  if (unknown.length === 0) return;
  const lines = unknown.map(unknownInWords);
  throw new SlipwayError({
    code: 'SLIPWAY_E_KIND_UNKNOWN',
    message: `the cluster of the context "${context}" does not know the kind of ${lines.join('; ')}.`,
    hint: 'Deploy what brings the kind first (its CustomResourceDefinition: the option `after` names projects), or correct apiVersion and kind.',
  });
}

function unknownInWords({ object, origin, line }: ManifestObject): string {
  const { apiVersion, kind, metadata } = object;
  return `${kind} ${metadata.name} (${apiVersion}, ${origin}:${line})`;
}
