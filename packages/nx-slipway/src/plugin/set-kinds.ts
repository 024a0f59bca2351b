import { CUSTOM_BUILD, executorOf, SET_KINDS, type SetKind } from '../settings';
import type { DeclaredProject, DeclaredTarget } from './declared';

export function kindOf({ executor }: DeclaredTarget): SetKind | undefined {
  return SET_KINDS.find((kind) => executor === executorOf(kind));
}

/** Whether all that a project has is images and manifests. */
export function isOnlyOurs({
  targets,
  otherTargets,
}: DeclaredProject): boolean {
  const isOurs = [...targets.values()].every(
    (target) => target.executor === CUSTOM_BUILD || kindOf(target),
  );
  return isOurs && otherTargets.length === 0;
}

/** Whether a project has nothing but what a manifest set is deployed by. */
export function isPure({ targets, otherTargets }: DeclaredProject): boolean {
  const isOfSet = [...targets.values()].every((target) => kindOf(target));
  return isOfSet && otherTargets.length === 0;
}
