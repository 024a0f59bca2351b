import { applyAll, type ApplyContext } from '../apply';
import type { Target } from '../desired';
import { inParallel } from '../in-parallel';
import type { InventoryPlace } from '../inventory';
import type { LiveObject } from '../live';
import { replacePods, type Touched } from '../live-pods';
import { isObserved, newestPods, podsOf } from '../readiness';
import type { WithPods } from './following';
import type { PassesParts } from './passes';
import type { ServedPod } from './types';

export interface ReplacementParts extends Omit<PassesParts, 'drift'> {
  /** All that the set has. */
  readonly targets: () => readonly Target[];
  readonly noteApplied: (object: LiveObject, target: Target) => void;
}

/** Has other pods take the place of some. */
export class Replacement {
  /** By uid: those that a rollout which was asked for takes away. */
  private readonly asked = new Set<string>();

  constructor(private readonly parts: ReplacementParts) {}

  /** @throws as ServedSet.replacePods */
  async replace(
    pods: readonly ServedPod[],
    place: InventoryPlace,
  ): Promise<void> {
    const { following, lease, options, systems, targets } = this.parts;
    const uids = new Set(pods.map(({ pod }) => uidOf(pod)));
    const touched = following.withPods(targets()).flatMap((each) => {
      const due = goOn(each).filter(
        (pod) => uids.has(uidOf(pod)) && !this.asked.has(uidOf(pod)),
      );
      const { target, live, related } = each;
      const all = podsOf(live, related);
      return due.length > 0 ? [{ target, live, pods: due, all }] : [];
    });
    if (touched.length === 0) return;
    const context = {
      ...{ options, systems, held: await lease.hold(place) },
      isLocal: options.isLocal ?? systems.cluster.isLocal,
    };
    await inParallel(touched.filter(isOwner), (each) =>
      this.renew(each, context),
    );
    await this.remake(
      touched.filter((each) => !isOwner(each)),
      place,
      context,
    );
  }

  private async renew(touched: Touched, context: ApplyContext): Promise<void> {
    const renewed = await replacePods(touched, context);
    const { pods, all } = touched;
    for (const pod of renewed?.deleted ? pods : all) this.asked.add(uidOf(pod));
    if (renewed) this.parts.readiness.renewed(renewed);
  }

  /** Pods of manifests, as they were applied last. */
  private async remake(
    touched: readonly Touched[],
    place: InventoryPlace,
    context: ApplyContext,
  ): Promise<void> {
    const { memory, noteApplied } = this.parts;
    const targets = touched.flatMap(
      ({ target }) => memory.get(target.key)?.target ?? [],
    );
    const live = new Map(touched.map((each) => [each.target.key, each.live]));
    await applyAll(
      { targets, later: [], live, place, onApplied: noteApplied },
      { ...context, whyAnew: () => 'nobody knows what it holds' },
    );
  }
}

function isOwner({ target }: Touched): boolean {
  return target.groupKind !== 'Pod';
}

/** Pods that neither end nor are of a template that is rolled away. */
function goOn({ live, related }: WithPods): LiveObject[] {
  const pods = isObserved(live)
    ? newestPods(live, related)
    : podsOf(live, related);
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

function uidOf({ metadata }: LiveObject): string {
  return metadata.uid ?? '';
}
