import type { Cluster } from '../../cluster';
import { SlipwayError } from '../../report';
import { inParallel } from '../in-parallel';
import {
  EMPTY,
  PART_OF,
  ownerInWords,
  parentOf,
  setInWords,
  type InventoryPlace,
} from '../inventory';
import { inWords, type ObjectName } from '../object-name';
import type { LiveObject } from './live-object';

interface Claimed {
  readonly target: ObjectName;
  readonly setId: string;
}

/** Which other set says that the object is its own. */
export function claimOf(
  object: LiveObject,
  { setId }: Pick<InventoryPlace, 'setId'>,
): string | undefined {
  const claim = object.metadata.labels?.[PART_OF];
  return claim === setId ? undefined : claim;
}

/**
 * @param live what is there, by key
 * @throws SLIPWAY_E_SET_CLAIMED naming each object and both sets
 */
export async function assertUnclaimed(
  targets: readonly (ObjectName & { readonly key: string })[],
  live: ReadonlyMap<string, LiveObject>,
  place: InventoryPlace,
  cluster: Cluster,
): Promise<void> {
  const claimed: Claimed[] = targets.flatMap((target) => {
    const object = live.get(target.key);
    const setId = object && claimOf(object, place);
    return setId === undefined ? [] : [{ target, setId }];
  });
  if (claimed.length === 0) return;
  const lines = await inParallel(claimed, async ({ target, setId }) => {
    const namespace = target.namespace ?? place.namespace;
    const owner = await ownerInWords(cluster, setId, namespace);
    return `${inWords(target)} is of ${owner}`;
  });
  const ours = setInWords(parentOf(place, EMPTY));
  throw new SlipwayError({
    code: 'SLIPWAY_E_SET_CLAIMED',
    message: `${lines.join('; ')}. The manifests of ${ours} have it, too.`,
    hint: `Take it out of one of them, and deploy that first. If the other is gone for good, \`kubectl label KIND NAME ${PART_OF}-\` sets the object free.`,
  });
}
