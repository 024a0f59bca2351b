import {
  assertNoTwins,
  isApiService,
  isDefinition,
  targetOf,
  type Later,
  type Target,
} from '../desired';
import { inParallel } from '../in-parallel';
import type { InventoryPlace } from '../inventory';
import { DEFINITIONS_RANK, LAST_RANK, SERVICES_RANK } from '../kind-order';
import { assertUnclaimed, findLive, type LiveObject } from '../live';
import { groupKindOfObject } from '../object-name';
import { applyTarget } from './apply-target';
import type { ApplyContext } from './context';
import { waitForKind, waitUntilServed } from './established';
import type { Outcome } from './outcome';
import { refusedError, stoppedError } from './partial-error';

/**
 * The API server gives out cluster IPs one after the other; more requests at
 * once only make it try again.
 */
const SERVICES_AT_A_TIME = 3;

export interface ApplyAll {
  readonly targets: readonly Target[];
  /** To be resolved once their definitions are there. */
  readonly later: readonly Later[];
  /** What is there, by key. */
  readonly live: ReadonlyMap<string, LiveObject>;
  readonly place: InventoryPlace;
  /** Told of each object as soon as the server has it. */
  readonly onApplied: (object: LiveObject, target: Target) => void;
}

/**
 * Applies all objects, rank by rank. What is refused ends it when its rank is
 * through.
 * @throws SLIPWAY_E_APPLY, SLIPWAY_E_FIELD_CONFLICT, SLIPWAY_E_IMMUTABLE,
 *   SLIPWAY_E_NAMESPACE, SLIPWAY_E_NOT_READY, SLIPWAY_E_SET_BUSY, and as
 *   Cluster.request; the message tells what is applied and what is not
 */
export async function applyAll(
  { targets, later, live, place, onApplied }: ApplyAll,
  context: ApplyContext,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const all = new Map(targets.map((target) => [target.key, target]));
  const states = new Map(live);
  const open = () => {
    const done = new Set(outcomes.map(({ target }) => target.key));
    return [...all.values()].filter(({ key }) => !done.has(key));
  };
  const left = () => {
    return [
      ...open(),
      ...later.filter((each) => !resolved.has(each)).map(nameOf),
    ];
  };
  const resolved = new Set<Later>();

  const applyOne = async (target: Target) => {
    const outcome = await applyTarget(target, states.get(target.key), context);
    outcomes.push(outcome);
    context.systems.onObject?.(outcome.report);
    if (outcome.object) onApplied(outcome.object, target);
  };

  const applyRank = async (rank: number) => {
    // Of a kind that came just now, a lower rank may be over.
    const now = open().filter((target) => target.rank <= rank);
    const isService = ({ groupKind }: Target) => groupKind === 'Service';
    const others = now.filter((target) => !isService(target));
    await inParallel(
      [
        () => inParallel(now.filter(isService), applyOne, SERVICES_AT_A_TIME),
        () => inParallel(others, applyOne),
      ],
      (work) => work(),
    );
  };

  const resolve = async (by: Later['coming']['by']) => {
    const now = later.filter(({ coming }) => coming.by === by);
    if (now.length === 0) return;
    const isAwaited = by === 'definition' ? isDefinition : isApiService;
    const { options, systems } = context;
    await waitUntilServed(
      targets.filter(({ object }) => isAwaited(object)),
      place.setId,
      options.timeout,
      systems,
    );
    const found = await inParallel(now, async ({ manifest }) => {
      const kind = await waitForKind(manifest.object, options.timeout, systems);
      return targetOf(manifest, kind, place, by === 'service');
    });
    assertNoTwins([...all.values(), ...found]);
    const there = await findLive(found, [], systems.cluster);
    await assertUnclaimed(found, there, place, systems.cluster);
    for (const [key, object] of there) states.set(key, object);
    for (const target of found) all.set(target.key, target);
    for (const each of now) resolved.add(each);
  };

  try {
    for (let rank = 0; rank <= LAST_RANK; rank++) {
      await applyRank(rank);
      if (outcomes.some(({ error }) => error)) break;
      if (rank === DEFINITIONS_RANK) await resolve('definition');
      if (rank === SERVICES_RANK) await resolve('service');
    }
  } catch (error) {
    throw stoppedError(error, outcomes, left());
  }
  const order = [...all.keys()];
  const sorted = outcomes.sort(
    (a, b) => order.indexOf(a.target.key) - order.indexOf(b.target.key),
  );
  if (sorted.some(({ error }) => error)) throw refusedError(sorted, left());
  return sorted;
}

function nameOf({ manifest: { object } }: Later) {
  const { kind, metadata } = object;
  const { name, namespace } = metadata;
  return { group: groupKindOfObject(object), kind, namespace, name };
}
