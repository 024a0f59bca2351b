import { SlipwayError } from '../../report';
import { inParallel } from '../in-parallel';
import { inRanks, rankOf } from '../kind-order';
import type { HeldSet } from '../lease';
import type { Member } from '../live';
import { inWords } from '../object-name';
import type { DeploySystems, ObjectAction, ObjectReport } from '../types';
import { deleteMember } from './delete-member';
import { isApplied, ownerOf, whyKept } from './guards';

/** A member that is desired no more, and what is to come of it. */
export interface Pruning {
  readonly member: Member;
  /** None: it is deleted. */
  readonly keptFor?: string;
}

/** What to do with the members of a set that are desired no more. */
export function planPrune(
  members: readonly Member[],
  desired: ReadonlySet<string>,
  { pruneData }: { readonly pruneData: boolean },
): Pruning[] {
  return members
    .filter(({ key, object }) => {
      const isGoing = object.metadata.deletionTimestamp !== undefined;
      return !desired.has(key) && !isGoing && isApplied(object);
    })
    .map((member) => {
      const reason = pruneData ? undefined : whyKept(member);
      const keptFor = ownerOf(member.object) ?? reason;
      return { member, ...(keptFor !== undefined && { keptFor }) };
    });
}

/**
 * Deletes what is to go, users of things before the things.
 * @throws SLIPWAY_E_APPLY naming what could not be deleted, SLIPWAY_E_SET_BUSY,
 *   and as Cluster.request
 */
export async function prune(
  plan: readonly Pruning[],
  setId: string,
  held: HeldSet,
  systems: DeploySystems,
): Promise<ObjectReport[]> {
  const doomed = plan.filter(({ keptFor }) => keptFor === undefined);
  const ranks = inRanks(doomed, ({ member }) => rankOf(member.groupKind));
  const failures: string[] = [];
  for (const rank of ranks.reverse()) {
    await inParallel(rank, async (pruning) => {
      const { member } = pruning;
      const how = { setId, held, propagation: 'Background' } as const;
      try {
        await deleteMember(member, how, systems);
        systems.onObject?.(pruneReport(pruning));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        failures.push(`${inWords(member)}: ${error.message}`);
      }
    });
  }
  if (failures.length > 0) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_APPLY',
      message: `all is applied, but this could not be pruned:\n${failures.map((line) => `    ${line}`).join('\n')}`,
      hint: 'The next run tries again; --no-prune leaves it.',
    });
  }
  return plan.map(pruneReport);
}

export function pruneReport({ member, keptFor }: Pruning): ObjectReport {
  return keptFor === undefined
    ? memberReport(member, 'pruned')
    : memberReport(member, 'kept', keptFor);
}

export function memberReport(
  { object, kind, namespace, name }: Member,
  action: ObjectAction,
  reason?: string,
): ObjectReport {
  const { apiVersion } = object;
  return {
    action,
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(reason !== undefined && { reason }),
  };
}

/** Of this one object; what concerns the whole run goes on up. */
function isRefusal(error: unknown): error is SlipwayError {
  return (
    error instanceof SlipwayError &&
    ['SLIPWAY_E_CLUSTER_REFUSED', 'SLIPWAY_E_CLUSTER_FAILED'].includes(
      error.code,
    )
  );
}
