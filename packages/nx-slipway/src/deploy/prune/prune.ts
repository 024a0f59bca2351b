import { SlipwayError, hasCode } from '../../report';
import { inParallel } from '../in-parallel';
import { inRanks, rankOf } from '../kind-order';
import type { HeldSet } from '../lease';
import type { Member } from '../live';
import { inWords } from '../object-name';
import type { DeploySystems } from '../types';
import { deleteMember } from './delete-member';
import { fateOf, fateReport, isDoomed, type Fate } from './fate';
import { guardOf, isApplied, ownerOf } from './guards';

/** What to do with the members of a set that are desired no more. */
export function planPrune(
  members: readonly Member[],
  desired: ReadonlySet<string>,
  options: PruneOptions,
): Fate[] {
  return members
    .filter(({ key, object }) => {
      const isGoing = object.metadata.deletionTimestamp !== undefined;
      return !desired.has(key) && !isGoing && isApplied(object);
    })
    .map((member) => fateOf(member, guarded(member, options)));
}

function guarded(member: Member, { pruneData }: PruneOptions) {
  return ownerOf(member.object) ?? (pruneData ? undefined : guardOf(member));
}

interface PruneOptions {
  readonly pruneData: boolean;
}

/** Whose members they are. */
interface HeldMembers {
  readonly setId: string;
  readonly held: HeldSet;
}

/**
 * Deletes what is to go, users of things before the things.
 * @returns the plan as it came to be
 * @throws SLIPWAY_E_APPLY naming what could not be deleted, SLIPWAY_E_SET_BUSY,
 *   and as Cluster.request
 */
export async function prune(
  plan: readonly Fate[],
  { setId, held, ...options }: PruneOptions & HeldMembers,
  systems: DeploySystems,
): Promise<Fate[]> {
  const doomed = plan.filter(isDoomed);
  const ranks = inRanks(doomed, ({ member }) => rankOf(member.groupKind));
  const after = new Map(plan.map((each) => [each.member.key, each]));
  const failures: string[] = [];
  for (const rank of ranks.reverse()) {
    await inParallel(rank, async ({ member }) => {
      const whyKept = (now: Member) => guarded(now, options);
      const how = { setId, held, propagation: 'Background', whyKept } as const;
      try {
        const { keptFor } = await deleteMember(member, how, systems);
        const fate = fateOf(member, keptFor);
        after.set(member.key, fate);
        systems.onObject?.(fateReport(fate, 'pruned'));
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
  return [...after.values()];
}

/** Of this one object; what concerns the whole run goes on up. */
function isRefusal(error: unknown): error is SlipwayError {
  return hasCode(
    error,
    'SLIPWAY_E_CLUSTER_REFUSED',
    'SLIPWAY_E_CLUSTER_FAILED',
  );
}
