import { MANAGER } from '../fields';
import type { LiveObject, Member } from '../live';

/** What holds data, or takes what is in it along, and why it is kept. */
const KEPT_KINDS: Readonly<Record<string, string>> = {
  Namespace: 'all that is in it would go, too',
  'CustomResourceDefinition.apiextensions.k8s.io':
    'all objects of its kind would go, too',
  PersistentVolumeClaim: 'it may hold data',
  PersistentVolume: 'it may hold data',
  'StatefulSet.apps': 'its pods may hold data',
};

const KEEP = ['nx-slipway.dev/down-policy', 'tilt.dev/down-policy'];

/** Why prune leaves a member alone, unless it is told to take data, too. */
export function guardOf({ groupKind, object }: Member): string | undefined {
  return KEPT_KINDS[groupKind] ?? annotatedToKeep(object);
}

export function annotatedToKeep({ metadata }: LiveObject): string | undefined {
  const name = KEEP.find((each) => metadata.annotations?.[each] === 'keep');
  return name && `it is annotated ${name}: keep`;
}

/** Whoever owns it makes it anew, or takes it away. */
export function ownerOf({ metadata }: LiveObject): string | undefined {
  const [owner] = metadata.ownerReferences ?? [];
  return owner && `it is owned by ${owner.kind} ${owner.name}`;
}

/**
 * Whether we have applied it. Controllers copy labels, those of a Service to
 * its Endpoints, say: what they make is no member, whatever its labels.
 */
export function isApplied({ metadata }: LiveObject): boolean {
  return (metadata.managedFields ?? []).some(
    ({ manager, operation }) => manager === MANAGER && operation === 'Apply',
  );
}
