import { takesItselfAway } from '../apply';
import type { Target } from '../desired';
import { want, type Wanted } from '../survey';
import type { DeployOptions, DeploySystems, SetId } from '../types';
import type { Memory } from './memory';
import type { ServedObject } from './types';

/** What a pass is to bring about. */
export interface Plan {
  readonly wanted: Wanted;
  /** What cannot be applied now, by key. */
  readonly blocked: ReadonlySet<string>;
  /** Of all that the set has. */
  readonly keys: ReadonlySet<string>;
}

/** @throws SLIPWAY_E_MANIFEST, SLIPWAY_E_OPTION_INVALID, and as Cluster.request */
export async function planPass(
  set: { readonly id: SetId; readonly namespace: string },
  objects: readonly ServedObject[],
  options: DeployOptions,
  systems: DeploySystems,
): Promise<Plan> {
  const manifests = objects.map(({ manifest }) => manifest);
  const wanted = await want({ ...set, objects: manifests }, options, systems);
  const held = new Set(
    objects.filter(({ isBlocked }) => isBlocked).map((each) => each.manifest),
  );
  const blocked = wanted.targets.filter(({ manifest }) => held.has(manifest));
  const later = wanted.later.filter(({ manifest }) => !held.has(manifest));
  return {
    wanted: { ...wanted, later },
    blocked: new Set(blocked.map(({ key }) => key)),
    keys: new Set(wanted.targets.map(({ key }) => key)),
  };
}

/** What has changed since it was applied, and can be applied. */
export function changedIn(
  { wanted, blocked }: Plan,
  memory: Memory,
): readonly Target[] {
  return wanted.targets.filter(
    (target) => !blocked.has(target.key) && memory.isChanged(target),
  );
}

/** @param before keys of the last pass */
export function isSameSet(
  { wanted, blocked, keys }: Plan,
  before: ReadonlySet<string>,
  memory: Memory,
): boolean {
  const isKnown = (target: Target) =>
    blocked.has(target.key) ||
    memory.get(target.key)?.target.resource.version === target.resource.version;
  return (
    wanted.later.length + wanted.unknown.length === 0 &&
    keys.size === before.size &&
    wanted.targets.every((each) => before.has(each.key) && isKnown(each))
  );
}

/** Whether it may be sent alone: no other part of the set must know of it. */
export function isSentAlone(target: Target): boolean {
  // Of these the inventory keeps what was applied.
  return !takesItselfAway(target);
}
