import { isSuccess, resourcePath, type KubeRequest } from '../../cluster';
import { PART_OF } from '../inventory';
import type { HeldSet } from '../lease';
import { memberOf, readLive, type LiveObject, type Member } from '../live';
import type { DeploySystems } from '../types';

/** A Deployment's status is written all the time while it rolls. */
const MAX_TRIES = 5;

export interface DeleteMember {
  readonly setId: string;
  readonly held: HeldSet;
  readonly propagation: 'Background' | 'Foreground';
  /** Why a member is to be left alone. */
  readonly whyKept: (member: Member) => string | undefined;
}

/** What has come of a member that was to go; nothing: it is gone. */
interface Deletion {
  /** It is still there, on its way out. */
  readonly leaving?: Member;
  /** It was left alone, for this reason. */
  readonly keptFor?: string;
}

/**
 * Deletes a member as it was seen. What changed meanwhile, and a deploy may have
 * waited for minutes, is looked at again: it may be annotated to be kept now, or
 * be of this set no more.
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function deleteMember(
  member: Member,
  { setId, held, propagation, whyKept }: DeleteMember,
  { cluster }: DeploySystems,
): Promise<Deletion> {
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
    if (status === 404) return {};
    if (isSuccess({ status }))
      return isStillThere(body) ? { leaving: now } : {};
    if (status !== 409 || tries === MAX_TRIES) {
      throw cluster.refusal(request, { status, body });
    }
    const found = await readLive(now, cluster);
    if (!found || found.metadata.uid !== uid) return {};
    now = memberOf(found, now.resource);
    const isOurs = found.metadata.labels?.[PART_OF] === setId;
    const keptFor = isOurs ? whyKept(now) : 'it is of this set no more';
    if (keptFor !== undefined) return { keptFor };
  }
}

/** The answer is the object if it is not gone at once, else a Status. */
function isStillThere(body: unknown): boolean {
  const { kind, metadata } = (body ?? {}) as Partial<LiveObject>;
  return kind !== 'Status' && metadata?.deletionTimestamp !== undefined;
}
