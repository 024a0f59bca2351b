import { resourcePath, type KubeRequest } from '../../cluster';
import type { HeldSet } from '../lease';
import { claimOf, memberOf, readLive, type Member } from '../live';
import type { DeploySystems } from '../types';
import type { LiveObject } from '../live';

/** A Deployment's status is written all the time while it rolls. */
const MAX_TRIES = 5;

export interface DeleteMember {
  readonly setId: string;
  readonly held: HeldSet;
  readonly propagation: 'Background' | 'Foreground';
}

/**
 * Deletes a member as it was seen: what changed meanwhile is looked at again,
 * and left alone if it is of this set no more.
 * @returns what is still there, on its way out; undefined: it is gone
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function deleteMember(
  member: Member,
  { setId, held, propagation }: DeleteMember,
  { cluster }: DeploySystems,
): Promise<Member | undefined> {
  let now = member;
  for (let tries = 1; ; tries++) {
    await held.assertHeld();
    const { uid, resourceVersion } = now.object.metadata;
    const request: KubeRequest = {
      method: 'DELETE',
      path: resourcePath(now.resource, now),
      body: {
        propagationPolicy: propagation,
        preconditions: { uid, resourceVersion },
      },
    };
    const { status, body } = await cluster.request(request);
    if (status === 404) return undefined;
    if (status < 300) return isStillThere(body) ? now : undefined;
    if (status !== 409 || tries === MAX_TRIES) {
      throw cluster.refusal(request, { status, body });
    }
    const found = await readLive(now, cluster);
    const isOther =
      !found ||
      found.metadata.uid !== uid ||
      claimOf(found, { setId }) !== undefined;
    if (isOther) return undefined;
    now = memberOf(found, now.resource);
  }
}

/** The answer is the object if it is not gone at once, else a Status. */
function isStillThere(body: unknown): boolean {
  const { kind, metadata } = (body ?? {}) as Partial<LiveObject>;
  return kind !== 'Status' && metadata?.deletionTimestamp !== undefined;
}
